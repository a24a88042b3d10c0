import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('a push to dev starts orders-dev and nothing in staging or prod', async () => {
  const flow = await playing();

  const commitId = await flow.merge('dev');
  const execution = await flow.arrived('dev', commitId);

  expect(execution.status).toBe('Succeeded');
  expect(await flow.executions('dev')).toHaveLength(1);
  expect(await flow.executions('staging')).toEqual([]);
  expect(await flow.executions('prod')).toEqual([]);
});

test('a tag named prod starts nothing', async () => {
  const flow = await playing();

  await flow.git('tag', 'prod');
  await flow.git('push', '--quiet', 'origin', 'refs/tags/prod');
  await flow.cloud.settled();
  await flow.sweep('prod');

  expect(await flow.executions('prod')).toEqual([]);
  expect((await flow.trail()).filter((record) => record['detail-type'] === 'Branch Merged')).toEqual([]);
});
