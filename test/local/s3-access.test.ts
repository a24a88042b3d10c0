import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../local/world/principal.ts';
import { allowing, type IdentityWorld, identityWorld, policyOf } from './identity-world.ts';

const Bucket = 'guarded';
const arn = `arn:aws:s3:::${Bucket}`;
let cloud: IdentityWorld;
let keyArn: string;
let version: string;
beforeAll(async () => {
  cloud = await identityWorld();
  const ask = (operation: string, input: object) =>
    cloud.ask<{ VersionId: string }>('s3', operation, { Bucket, ...input });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' };
  await ask('CreateBucket', { CreateBucketConfiguration, ObjectLockEnabledForBucket: true });
  keyArn = (await cloud.ask<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey')).KeyMetadata.Arn;
  const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
  version = (await ask('PutObject', { Key: 'k', Tagging: 'team=orders' })).VersionId;
  await ask('PutObject', { Key: 'encrypted', ...encrypted });
});
afterAll(() => cloud.close());

let made = 0;
/** A session that may do these things and nothing else. */
const who = async (...statements: object[]): Promise<Principal> => {
  made += 1;
  return cloud.session(await cloud.role(`caller-${made}`, policyOf(...statements)));
};
const may = (Action: string | readonly string[], Resource: string | readonly string[] = [arn, `${arn}/*`]) => ({
  Effect: 'Allow',
  Action,
  Resource,
});

/** Each operation with all that AWS asks for it. Source: "Actions, resources, and condition keys for Amazon S3" and the pages of the operations. */
const asked: readonly (readonly [operation: string, input: () => object, actions: readonly string[]])[] = [
  ['GetObject', () => ({ Key: 'k' }), ['s3:GetObject']],
  ['GetObject', () => ({ Key: 'k', VersionId: version }), ['s3:GetObjectVersion']],
  ['HeadObject', () => ({ Key: 'k' }), ['s3:GetObject']],
  ['GetObject', () => ({ Key: 'encrypted' }), ['s3:GetObject', 'kms:Decrypt']],
  ['GetObjectAttributes', () => ({ Key: 'k', ObjectAttributes: 'ETag' }), ['s3:GetObject', 's3:GetObjectAttributes']],
  ['PutObject', () => ({ Key: 'p' }), ['s3:PutObject']],
  ['PutObject', () => ({ Key: 'p', Tagging: 'a=b' }), ['s3:PutObject', 's3:PutObjectTagging']],
  ['PutObject', () => ({ Key: 'p', ObjectLockLegalHoldStatus: 'OFF' }), ['s3:PutObject', 's3:PutObjectLegalHold']],
  [
    'PutObject',
    () => ({ Key: 'p', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }),
    ['s3:PutObject', 'kms:GenerateDataKey'],
  ],
  [
    'CopyObject',
    () => ({ Key: 'c', CopySource: `${Bucket}/k` }),
    ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'],
  ],
  [
    'CopyObject',
    () => ({ Key: 'c', CopySource: `${Bucket}/encrypted`, ServerSideEncryption: 'AES256' }),
    ['s3:GetObject', 'kms:Decrypt', 's3:PutObject'],
  ],
  ['DeleteObject', () => ({ Key: 'none' }), ['s3:DeleteObject']],
  ['DeleteObject', () => ({ Key: 'none', VersionId: '0'.repeat(32) }), ['s3:DeleteObjectVersion']],
  [
    'DeleteObject',
    () => ({ Key: 'none', VersionId: '0'.repeat(32), BypassGovernanceRetention: true }),
    ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
  ],
  ['GetObjectTagging', () => ({ Key: 'k', VersionId: version }), ['s3:GetObjectVersionTagging']],
  ['ListObjectsV2', () => ({}), ['s3:ListBucket']],
  ['ListObjectVersions', () => ({}), ['s3:ListBucketVersions']],
  ['ListMultipartUploads', () => ({}), ['s3:ListBucketMultipartUploads']],
  ['CreateMultipartUpload', () => ({ Key: 'p' }), ['s3:PutObject']],
  ['GetBucketEncryption', () => ({}), ['s3:GetEncryptionConfiguration']],
  ['GetPublicAccessBlock', () => ({}), ['s3:GetBucketPublicAccessBlock']],
  ['DeleteBucketCors', () => ({}), ['s3:PutBucketCORS']],
  ['GetObjectLockConfiguration', () => ({}), ['s3:GetBucketObjectLockConfiguration']],
];

test.each(asked)('%s of %o asks for %o, and for all of them', async (operation, input, actions) => {
  const all = await who(may(actions, '*'));
  await cloud.as(all)('s3', operation, { Bucket, ...input() });

  for (const missing of actions) {
    const others = actions.filter((action) => action !== missing);
    const some = await who(...(others.length === 0 ? [may('sqs:*', '*')] : [may(others, '*')]));
    await expect(cloud.as(some)('s3', operation, { Bucket, ...input() })).rejects.toThrow(`perform: ${missing} on`);
  }
});

describe('who asks for an object that is not there', () => {
  test('is told so who may list the bucket, and nobody else', async () => {
    const reader = cloud.as(await who(may('s3:GetObject')));
    const lister = cloud.as(await who(may(['s3:GetObject', 's3:ListBucket'])));

    await expect(reader('s3', 'GetObject', { Bucket, Key: 'none' })).rejects.toThrow('s3:ListBucket');
    await expect(lister('s3', 'GetObject', { Bucket, Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

test('of many keys those are deleted that the caller may delete', async () => {
  const own = cloud.as(await who(may('s3:DeleteObject', `${arn}/mine/*`)));
  const input = { Bucket, Delete: { Object: [{ Key: 'mine/a' }, { Key: 'theirs' }] } };

  const { Deleted, Error } = await own<{ Deleted: object[]; Error: object[] }>('s3', 'DeleteObjects', input);

  expect(Deleted).toMatchObject([{ Key: 'mine/a' }]);
  expect(Error).toMatchObject([{ Key: 'theirs', Code: 'AccessDenied' }]);
});

test('conditions see what a request says and what an object is', async () => {
  const condition = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });
  const sealed = cloud.as(await who({ ...may('s3:PutObject'), ...condition('s3:if-none-match', '*') }));
  await sealed('s3', 'PutObject', { Bucket, Key: 'sealed', IfNoneMatch: '*' });
  await expect(sealed('s3', 'PutObject', { Bucket, Key: 'other' })).rejects.toThrow('s3:PutObject');

  const team = cloud.as(await who({ ...may('s3:GetObject'), ...condition('s3:ExistingObjectTag/team', 'orders') }));
  await team('s3', 'GetObject', { Bucket, Key: 'k' });
  await expect(team('s3', 'GetObject', { Bucket, Key: 'sealed' })).rejects.toThrow('s3:GetObject');
});

test('a bucket’s policy decides from when it is put', async () => {
  const other = cloud.as({ type: 'root', account: '333333333333', arn: 'arn:aws:iam::333333333333:root' });
  const read = () => other('s3', 'GetObject', { Bucket, Key: 'k' });
  const Policy = allowing('s3:GetObject', `${arn}/*`, { Principal: { AWS: '333333333333' } });

  await expect(read()).rejects.toThrow('s3:GetObject');
  await cloud.ask('s3', 'PutBucketPolicy', { Bucket, Policy });
  await read();
  await cloud.ask('s3', 'DeleteBucketPolicy', { Bucket });
  await expect(read()).rejects.toThrow('s3:GetObject');
  const wrong = cloud.ask('s3', 'PutBucketPolicy', { Bucket, Policy: '[]' });
  await expect(wrong).rejects.toMatchObject({ name: 'MalformedPolicy' });
});

test('a bucket of another account than the caller expects is not touched', async () => {
  const write = (more: object) => cloud.ask('s3', 'PutObject', { Bucket, Key: 'expected', ...more });
  const copy = (more: object) =>
    cloud.ask('s3', 'CopyObject', { Bucket, Key: 'c', CopySource: `${Bucket}/k`, ...more });
  const denied = { name: 'AccessDenied', message: 'Access Denied' };

  await expect(write({ ExpectedBucketOwner: '333333333333' })).rejects.toMatchObject(denied);
  await expect(copy({ ExpectedSourceBucketOwner: '333333333333' })).rejects.toMatchObject(denied);
  await write({ ExpectedBucketOwner: '222222222222' });
});
