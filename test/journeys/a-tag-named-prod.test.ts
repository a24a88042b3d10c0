import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('a tag named prod starts nothing', async () => {
  const flow = await playing();

  await flow.git('tag', 'prod');
  await flow.git('push', '--quiet', 'origin', 'refs/tags/prod');
  await flow.cloud.settled();
  await flow.sweep('prod');

  expect(await flow.executions('prod')).toEqual([]);
  expect((await flow.trail()).filter((record) => record['detail-type'] === 'Branch Merged')).toEqual([]);
});
