import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { playing } from './playing.ts';
import { decided } from './starters-calls.ts';

test('a lost event is healed by the sweep, five minutes later at most', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  await flow.events('devops').send(new DisableRuleCommand({ Name: 'mergecast-merges' }));

  const lost = await flow.merge('dev');
  await flow.cloud.settled();
  expect(await flow.executions('dev')).toHaveLength(1);
  await flow.cloud.clock.advance(5 * 60_000);

  expect((await flow.arrived('dev', lost)).status).toBe('Succeeded');
  expect(await decided(flow, 'dev', 'unannounced')).toMatchObject({ commitId: lost, cause: 'sweep' });
});
