import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

const Bucket = 'mergecast-prod-444444444444-eu-west-1';

/** A buildspec whose commands are merged code at its worst: with the build's own credentials they try each call, and print what came. */
const intrusion = (waiting: string) => {
  const calls = [
    ['ListObjectsV2', {}],
    ['GetObject', { Key: waiting }],
    ['DeleteObject', { Key: waiting }],
    ['PutObject', { Key: waiting.replace('/Build/', '/Source/'), Body: 'code that nobody approved' }],
    ['PutObject', { Key: waiting.replace('orders-prod/', 'billing-prod/'), Body: 'code that nobody approved' }],
  ] as const;
  const script = `
    import * as s3 from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-s3'))};
    const client = new s3.S3Client({});
    for (const [call, input] of ${JSON.stringify(calls)}) {
      const came = await client.send(new s3[call + 'Command']({ Bucket: '${Bucket}', ...input })).then(() => 'done', ({ name }) => name);
      console.log('tried ' + call + ': ' + came);
    }`;
  const commands = [`node --input-type=module -e '${script.replaceAll("'", '"').replaceAll('\n', ' ')}'`];
  return JSON.stringify({ version: '0.2', phases: { build: { commands } }, artifacts: { files: ['template.yaml'] } });
};

test('a build neither finds nor replaces what another execution built and nobody has approved yet', async () => {
  const flow = await playing();
  const store = new S3Client(flow.settings('prod'));
  const objects = async () => (await store.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [];
  await flow.merge('prod');
  await flow.approvalWaits();
  const before = await objects();
  const waiting = before.map(({ Key = '' }) => Key).find((key) => key.startsWith('orders-prod/Build/')) ?? '';

  await flow.merge('prod', 'buildspec.yml', intrusion(waiting));
  const logs = new CloudWatchLogsClient(flow.settings('prod'));
  const tried = await eventually('the lines of the build', async () => {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/codebuild/orders-prod-build' }),
    );
    const lines = events.flatMap(({ message = '' }) => /^tried (.+)$/m.exec(message)?.[1] ?? []);
    return lines.length === 5 ? lines : undefined;
  });

  expect(tried).toEqual([
    'ListObjectsV2: AccessDenied',
    'GetObject: AccessDenied',
    'DeleteObject: AccessDenied',
    'PutObject: AccessDenied',
    'PutObject: AccessDenied',
  ]);
  const after = await objects();
  expect(after.filter(({ Key }) => Key === waiting)).toEqual(before.filter(({ Key }) => Key === waiting));
});
