import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { type Playing, playing } from './playing.ts';
import { decided } from './starters-calls.ts';

async function announceAgain(flow: Playing, detail: Record<string, unknown>): Promise<void> {
  const Entries = [
    {
      EventBusName: 'mergecast',
      Source: 'mergecast.devops',
      DetailType: 'Branch Merged',
      Detail: JSON.stringify(detail),
    },
  ];
  const { FailedEntryCount } = await flow.events('devops').send(new PutEventsCommand({ Entries }));
  expect(FailedEntryCount).toBe(0);
}

test('a doubled event starts nothing more, and the trail says why', async () => {
  const flow = await playing();
  const commitId = await flow.merge('dev');
  await flow.arrived('dev', commitId);

  await announceAgain(flow, await flow.announcementOf(commitId));
  await decided(flow, 'dev', 'already-started');

  expect(await flow.executions('dev')).toHaveLength(1);
});

test('a late event starts nothing more: the newest head has won', async () => {
  const flow = await playing();
  const older = await flow.merge('dev');
  await flow.arrived('dev', older);
  const newer = await flow.merge('dev');
  await flow.arrived('dev', newer);

  await announceAgain(flow, await flow.announcementOf(older));
  const decision = await decided(flow, 'dev', 'superseded-by');

  expect(decision['reason']).toContain(newer);
  expect((await flow.executions('dev')).map(({ commitId }) => commitId)).toEqual([older, newer]);
});

test('an announcement that overtakes an older one wins', async () => {
  const flow = await playing();
  const [first, second] = [await flow.merge('dev'), await flow.merge('dev')];
  await flow.arrived('dev', second);

  await announceAgain(flow, await flow.announcementOf(first));
  await decided(flow, 'dev', 'superseded-by');

  expect((await flow.executions('dev')).at(-1)?.commitId).toBe(second);
});
