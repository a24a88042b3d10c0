import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { follow, type LiveLine } from '../../cli/follow.ts';
import { playing } from '../journeys/playing.ts';

test('the live view survives the sweep, which is due without any event', async () => {
  const flow = await playing();
  const lines: LiveLine[] = [];
  follow(flow.cloud, (line) => lines.push(line));

  await flow.pass(6);

  expect(flow.cloud.journal.entries.filter(({ kind }) => kind === 'fault')).toEqual([]);
  expect(flow.cloud.journal.entries.some(({ text }) => /^schedule .* is due/.test(text))).toBe(true);
});

test.each([
  ['x', 'Start Decided', {}],
  ['mergecast.workload', 'Start Decided', {}],
  ['mergecast.devops', 'Branch Merged', { commitId: 7 }],
  ['x', 'CodeCommit Repository State Change', { event: 5, commitId: 7, referenceType: 'branch' }],
])('an event of %s that only looks like %s is taken by the bus and is no step', async (Source, DetailType, detail) => {
  const flow = await playing();
  const lines: LiveLine[] = [];
  follow(flow.cloud, (line) => lines.push(line));

  const answer = await flow
    .events('dev')
    .send(new PutEventsCommand({ Entries: [{ Source, DetailType, Detail: JSON.stringify(detail) }] }));

  expect(answer.FailedEntryCount).toBe(0);
  expect(lines).toEqual([]);
  expect(flow.cloud.journal.entries.filter(({ kind }) => kind === 'fault')).toEqual([]);
});
