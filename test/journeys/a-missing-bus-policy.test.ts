import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

test("without the bus policy the merge lies in the forwarder's dead-letter queue with AWS's error code, and an alarm is on", async () => {
  const flow = await playing({
    edit: {
      'mergecast-prod': ({ Resources }) => {
        for (const [id, { Type }] of Object.entries(Resources))
          if (Type === 'AWS::Events::EventBusPolicy') delete Resources[id];
      },
    },
  });

  const commitId = await flow.merge('prod');
  const message = await flow.deadLetter('devops', 'mergecast-forward-prod-undelivered');

  expect(message.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('NO_PERMISSIONS');
  expect(message.Body).toContain(commitId);
  await eventually('the alarm', async () =>
    (await flow.alarmsOn('devops')).find((name) => name === 'mergecast-forward-prod-undelivered'),
  );
});
