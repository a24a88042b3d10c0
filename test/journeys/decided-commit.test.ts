import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

test('the execution builds the decided commit even when the branch moves on after the decision', async () => {
  const flow = await playing();
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const holding = { reached: false };
  const interference = {
    before: async ({ operation }: { operation: string }) => {
      if (operation !== 'GetCommit' || !holding.reached) return;
      await held;
    },
    after: ({ operation }: { operation: string }) => {
      if (operation === 'StartPipelineExecution') holding.reached = true;
    },
  };
  flow.cloud.interference.add(interference);

  const decided = await flow.merge('dev');
  await eventually('the decision', async () => holding.reached || undefined);
  const later = await flow.commit('dev');
  await flow.git('push', '--quiet', 'origin', 'dev');
  release();
  await flow.arrived('dev', decided);
  await flow.arrived('dev', later);

  const commits = (await flow.executions('dev')).map(({ commitId }) => commitId);
  expect(commits).toEqual([decided, later]);
});
