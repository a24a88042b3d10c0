import { expect, test } from 'vitest';
import type { Interference } from '../../local/world/world.ts';
import { eventually } from './eventually.ts';
import { type Playing, playing } from './playing.ts';
import { type Attempt, isStarters } from './starters-calls.ts';

const starter = 'mergecast-dev-start-pipeline';

/** The calls that dev's starter makes for a merge when nothing goes wrong. */
async function callsOfOneMerge(flow: Playing): Promise<readonly string[]> {
  const calls: string[] = [];
  const interference: Interference = {
    before: (attempt) => void (isStarters(attempt) && calls.push(attempt.operation)),
  };
  flow.cloud.interference.add(interference);
  await flow.arrived('dev', await flow.merge('dev'));
  await flow.cloud.settled();
  flow.cloud.interference.delete(interference);
  return calls;
}

/** Crashes dev's starter once, right before or after its call of that number, counted from 0. */
function crashOnce(
  flow: Playing,
  when: 'before' | 'after',
  number: number,
): { readonly crashed: () => boolean; remove(): void } {
  let calls = 0;
  const interference: Interference = {
    [when]: async (attempt: Attempt) => {
      if (isStarters(attempt) && calls++ === number) await flow.cloud.crash('dev', starter);
    },
  };
  flow.cloud.interference.add(interference);
  return { crashed: () => calls > number, remove: () => void flow.cloud.interference.delete(interference) };
}

test.each(['before', 'after'] as const)(
  'a crash of the starter %s each of its calls ends in one execution of the head',
  async (when) => {
    const flow = await playing();
    await flow.arrived('dev', await flow.merge('dev'));
    const calls = await callsOfOneMerge(flow);
    const heads: string[] = [];

    for (const [number, call] of calls.entries()) {
      const crash = crashOnce(flow, when, number);
      const head = await flow.merge('dev');
      heads.push(head);
      await eventually(`the crash ${when} ${call}`, async () => crash.crashed() || undefined);
      await flow.cloud.settled();
      crash.remove();
      // Lambda's own retry comes after a minute; a lease ends after five; the sweep comes every five.
      await flow.pass(11);
      await flow.arrived('dev', head);
    }

    expect(calls).toEqual(
      expect.arrayContaining(['GetItem', 'GetBranch', 'PutItem', 'StartPipelineExecution', 'PutEvents']),
    );
    const seen = await flow.executions('dev');
    for (const head of heads)
      expect(seen.filter(({ commitId }) => commitId === head).length, `executions of ${head}`).toBe(1);
    expect(seen.at(-1)?.commitId).toBe(heads.at(-1));
  },
  240_000,
);
