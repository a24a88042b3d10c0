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
