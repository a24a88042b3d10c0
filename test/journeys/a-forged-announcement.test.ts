import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

test('a forged announcement by an administrator of the DevOps account makes prod run nothing but its own head', async () => {
  const flow = await playing();
  const onDev = await flow.merge('dev');
  await flow.arrived('dev', onDev);
  await flow.git('checkout', '--quiet', 'main');
  const head = await flow.merge('prod');
  await flow.until('prod', (all) => all.some(({ commitId }) => commitId === head));

  const Forged = JSON.stringify({ ...(await flow.announcementOf(onDev)), branch: 'prod' });
  const buses = ['mergecast', 'arn:aws:events:eu-west-1:444444444444:event-bus/mergecast-prod'];
  for (const EventBusName of buses) {
    await flow
      .events('devops')
      .send(
        new PutEventsCommand({
          Entries: [{ EventBusName, Source: 'mergecast.devops', DetailType: 'Branch Merged', Detail: Forged }],
        }),
      )
      .catch(() => undefined);
  }
  await eventually('the decision about the forgery', async () =>
    (await flow.decisions('prod')).find((each) => each['outcome'] === 'superseded-by'),
  );

  expect((await flow.executions('prod')).map(({ commitId }) => commitId)).toEqual([head]);
});
