import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../../devops-account/handlers/announce-merge.ts';
import { parseBranchMerged } from '../../../events/branch-merged.ts';
import envelope from '../../../events/examples/branch-merged.json' with { type: 'json' };
import merge from '../../../events/examples/codecommit-reference-updated.json' with { type: 'json' };
import type { Operations, PretendAws } from './pretend-aws.ts';
import { AwsRefusal, pretendAws } from './pretend-aws.ts';

const commit = {
  commitId: merge.detail.commitId,
  parents: [merge.detail.oldCommitId, '50c0ffee11223344556677889900aabbccddeeff'],
  message: 'the secret message',
  author: { name: 'Jo', email: 'jo@example.com', date: '0 +0000' },
};
const published = { FailedEntryCount: 0, Entries: [{ EventId: 'e1f2a3b4-5c6d-4e7f-8091-a2b3c4d5e6f7' }] };

let aws: PretendAws;
afterEach(() => aws.close());

describe('the announcer', () => {
  test('publishes the merge on the bus, with the parents of its commit', async () => {
    const { handler } = await announcer({ GetCommit: () => ({ commit }), PutEvents: () => published });

    await handler(merge);

    expect(aws.calls.map(({ operation }) => operation)).toEqual(['GetCommit', 'PutEvents']);
    expect(aws.calls[0]?.input).toEqual({ repositoryName: 'orders', commitId: merge.detail.commitId });
    const [entry] = entries();
    expect(entry).toMatchObject({ EventBusName: 'mergecast', Source: 'mergecast.devops', DetailType: 'Branch Merged' });
    expect(detailOf(entry)).toMatchObject({ repository: 'orders', branch: 'dev', kind: 'merge-commit-push' });
    expect(detailOf(entry).parents).toEqual(commit.parents);
  });

  test('tells nothing of people or messages, neither to the bus nor to its log', async () => {
    const { handler, log } = await announcer({ GetCommit: () => ({ commit }), PutEvents: () => published });

    await handler(merge);

    expect(log.join('')).toContain('"branch":"dev"');
    expect(JSON.stringify(entries()) + log.join('')).not.toMatch(/secret message|Jo|example\.com/);
  });

  test('announces a second time under the same merge id', async () => {
    const { handler } = await announcer({ GetCommit: () => ({ commit }), PutEvents: () => published });

    const [first, second] = [await handler(merge), await handler(merge)];

    expect(second.mergeId).toBe(first.mergeId);
    expect(new Set(entries().map(({ Detail }) => Detail)).size).toBe(1);
  });

  test('fails when the bus refuses the entry in a 200 answer', async () => {
    const refused = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'no' }],
    };
    const { handler } = await announcer({ GetCommit: () => ({ commit }), PutEvents: () => refused });

    await expect(handler(merge)).rejects.toThrow(/^bus mergecast refused .* NotAuthorizedForSourceException no$/);
  });

  test('fails in words when the commit is gone', async () => {
    const { handler } = await announcer({ GetCommit: () => new AwsRefusal('CommitIdDoesNotExistException') });

    await expect(handler(merge)).rejects.toThrow(
      `cannot read commit ${merge.detail.commitId} of orders: CommitIdDoesNotExistException: in words`,
    );
  });

  test('tries again while CodeCommit is too busy', async () => {
    let asked = 0;
    const busyOnce = () => (asked++ === 0 ? new AwsRefusal('ThrottlingException') : { commit });
    const { handler } = await announcer({ GetCommit: busyOnce, PutEvents: () => published });

    await handler(merge);

    expect(asked).toBe(2);
  });

  test('asks AWS nothing about a malformed event', async () => {
    const { handler } = await announcer({});

    await expect(handler({ ...merge, detail: {} })).rejects.toThrow('EventMalformed: detail.event is missing');
    expect(aws.calls).toEqual([]);
  });
});

async function announcer(operations: Operations) {
  aws = await pretendAws(operations);
  const access = {
    region: 'eu-west-1',
    endpoint: aws.endpoint,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  };
  const log: string[] = [];
  const clients = {
    codecommit: new CodeCommitClient(access),
    events: new EventBridgeClient(access),
    logger: loggerInto(log),
  };
  return { handler: createHandler(clients, { busName: 'mergecast' }), log };
}

function loggerInto(lines: string[]): Logger {
  const logger = new Logger({ logLevel: 'INFO' });
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  Object.defineProperty(logger, 'console', { value: new Console(sink, sink) });
  return logger;
}

interface Entry {
  readonly Detail: string;
}

const entries = (): readonly Entry[] =>
  aws.calls.flatMap(({ operation, input }) => (operation === 'PutEvents' ? (input.Entries as readonly Entry[]) : []));

const detailOf = (entry: Entry | undefined) =>
  parseBranchMerged({ ...envelope, detail: JSON.parse(entry?.Detail ?? '') as unknown }).detail;
