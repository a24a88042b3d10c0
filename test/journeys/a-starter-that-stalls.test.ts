import { expect, test } from 'vitest';
import type { Interference } from '../../local/world/world.ts';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';
import { isStarters } from './starters-calls.ts';

test('a starter that stalls after its ledger write while a newer head starts does not bring the older one back', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  let stalls = 0;
  const interference: Interference = {
    after: (attempt) => {
      if (!isStarters(attempt) || attempt.operation !== 'PutItem' || stalls > 0) return;
      stalls++;
      return new Promise<void>(() => {});
    },
  };
  flow.cloud.interference.add(interference);

  const older = await flow.merge('dev');
  await eventually('the stall', async () => stalls || undefined);
  const newer = await flow.merge('dev');
  await flow.pass(11);
  await flow.arrived('dev', newer);
  await flow.pass(6);

  const commits = (await flow.executions('dev')).map(({ commitId }) => commitId);
  expect(commits.at(-1)).toBe(newer);
  expect(commits.lastIndexOf(older)).toBeLessThan(commits.indexOf(newer));
}, 240_000);

test('a starter that stalls and goes on while a newer head was pushed starts that head last', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  let goOn: (() => void) | undefined;
  const interference: Interference = {
    after: (attempt) => {
      if (!isStarters(attempt) || attempt.operation !== 'PutItem' || goOn !== undefined) return;
      return new Promise<void>((resolve) => {
        goOn = resolve;
      });
    },
  };
  flow.cloud.interference.add(interference);

  const older = await flow.merge('dev');
  await eventually('the stall', async () => goOn);
  const newer = await flow.merge('dev');
  await eventually('the newer head being told to wait', async () =>
    (await flow.decisions('dev')).find(({ outcome }) => outcome === 'busy'),
  );
  goOn?.();
  await flow.arrived('dev', newer);

  const commits = (await flow.executions('dev')).map(({ commitId }) => commitId);
  expect(commits.slice(-2)).toEqual([older, newer]);
}, 240_000);
