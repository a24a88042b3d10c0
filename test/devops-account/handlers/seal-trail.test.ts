import { createPublicKey } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { gapsAfter } from '../../../audit/seal/gaps.ts';
import { readSealedBucket } from '../../../audit/seal/read-bucket.ts';
import { verifyTrail } from '../../../audit/seal/verify.ts';
import { createHandler } from '../../../devops-account/handlers/seal-trail.ts';
import { headKey } from '../../../events/trail-seal.ts';
import { bareWorld } from '../../local/bare-world.ts';

const account = '111111111111';
const hour = 3_600_000;
const logGroupName = '/aws/events/mergecast/trail';
const logStreamName = 'records';

let cloud: Awaited<ReturnType<typeof bareWorld>>;
let aws: { logs: CloudWatchLogsClient; s3: S3Client; kms: KMSClient; logger: Logger };
let keyId: string;
let bucket: string;
let start: number;
let number = 0;

beforeAll(async () => {
  cloud = await bareWorld();
  const settings = cloud.client(account);
  aws = {
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    kms: new KMSClient(settings),
    logger: new Logger({ logLevel: 'SILENT' }),
  };
  const { KeyMetadata } = await aws.kms.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  keyId = KeyMetadata?.Arn ?? '';
  start = Math.ceil(cloud.world.clock.now() / hour) * hour;
});
afterAll(() => cloud.close());

/** Every test has a log group and a bucket of its own. */
let group: string;
beforeEach(async () => {
  number += 1;
  bucket = `mergecast-trail-${number}`;
  group = `${logGroupName}-${number}`;
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await aws.logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
});

/** Writes lines whose times are minutes before the hour that begins next. */
const log = (...minutes: readonly number[]) =>
  aws.logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName,
      logEvents: [...minutes]
        .sort((a, b) => b - a)
        .map((minute) => ({ timestamp: start - minute * 60_000, message: `{"minute":${minute}}` })),
    }),
  );

const sealAt = (hours: number, more: { mostLines?: number; s3?: S3Client } = {}) =>
  createHandler(
    { ...aws, ...(more.s3 === undefined ? {} : { s3: more.s3 }) },
    { logGroupName: group, bucket, keyId, now: () => start + hours * hour + 15 * 60_000, ...more },
  )();

async function verdict() {
  const { PublicKey } = await aws.kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  return verifyTrail(await readSealedBucket(aws.s3, bucket), key);
}

test('every hour continues the chain, and an hour without records has a head too', async () => {
  await log(30, 20, 10);
  await sealAt(0);
  await sealAt(1);

  expect(await verdict()).toMatchObject({ heads: 2, records: 3, damages: [] });
});

test('a run that is repeated writes nothing, and a late one catches up', async () => {
  await log(10);
  await sealAt(0);
  await sealAt(0);
  expect(await verdict()).toMatchObject({ heads: 1, records: 1, damages: [] });
  await sealAt(5);

  expect(await verdict()).toMatchObject({ heads: 2, until: new Date(start + 5 * hour).toISOString(), damages: [] });
});

test('of runs that overlap one writes each head', async () => {
  await log(50, 40, 30, 20, 10);
  await Promise.all([sealAt(0, { mostLines: 2 }), sealAt(0, { mostLines: 2 }), sealAt(0, { mostLines: 3 })]);
  await sealAt(0, { mostLines: 2 });

  expect(await verdict()).toMatchObject({ records: 5, until: new Date(start).toISOString(), damages: [] });
});

test('a record that comes after its hour was sealed is sealed with the next', async () => {
  await log(10);
  await sealAt(0);
  await log(40, 10);
  await sealAt(1);

  expect(await verdict()).toMatchObject({ heads: 2, records: 3, damages: [] });
});

test.each([1, 2])('a run that dies at write %i leaves what the next one completes', async (write) => {
  await log(20, 10);
  const dying = new S3Client({ ...cloud.client(account), forcePathStyle: true });
  let writes = 0;
  dying.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === 'PutObjectCommand' && ++writes === write) throw new Error('the function died');
      return next(args);
    },
    { step: 'initialize' },
  );
  await expect(sealAt(0, { s3: dying })).rejects.toThrow('the function died');
  expect(await verdict()).toMatchObject({ heads: 0, damages: [] });
  await sealAt(0);

  expect(await verdict()).toMatchObject({ heads: 1, records: 2, damages: [] });
});

test('an object that was written over is told, and what was sealed is still read', async () => {
  await log(10);
  await sealAt(0);
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: headKey(1), Body: 'forged' }));

  expect(await verdict()).toMatchObject({
    heads: 1,
    records: 1,
    damages: [
      { object: headKey(1), line: null, problem: 'there is another version, written later: the first one is read' },
    ],
  });
});

test('a cut end of the chain, and a record of a sealed hour that no head names, are told', async () => {
  await log(10);
  await sealAt(0);
  const sealed = await verdict();
  const day = 24 * hour;
  expect(await gapsAfter(sealed, aws.logs, start + hour, group)).toEqual([]);

  await log(40);
  const told = await gapsAfter(sealed, aws.logs, start + day, group);

  expect(told.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/^nothing is sealed since .*cut off$/),
    expect.stringMatching(/^the record .* is not sealed$/),
  ]);
});
