import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTemplate } from '../../languages/template/parse.ts';
import { administrator } from '../../local/accounts.ts';
import { deploy } from '../../local/services/cloudformation/deploy.ts';
import { bareWorld } from './bare-world.ts';

const place = { account: '222222222222', region: 'eu-west-1' };
const [hour, day] = [3_600_000, 86_400_000];
const [Bucket, plain] = ['sealed', 'plain-bucket'];
let open: Awaited<ReturnType<typeof bareWorld>>;
let s3: S3Client;
beforeAll(async () => {
  open = await bareWorld();
  s3 = new S3Client({ ...open.client(place.account), forcePathStyle: true, maxAttempts: 1 });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ObjectLockEnabledForBucket: true }));
  await s3.send(new CreateBucketCommand({ Bucket: plain, CreateBucketConfiguration }));
});
afterAll(() => open.close());

const later = (milliseconds: number) => new Date(open.world.clock.now() + milliseconds);
const seal = (Key: string, ObjectLockMode: 'GOVERNANCE' | 'COMPLIANCE', ObjectLockRetainUntilDate = later(day)) =>
  s3.send(
    new PutObjectCommand({ Bucket, Key, Body: 'line', IfNoneMatch: '*', ObjectLockMode, ObjectLockRetainUntilDate }),
  );
const remove = (Key: string, VersionId?: string, BypassGovernanceRetention = false) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
const retain = (Key: string, Mode: 'GOVERNANCE' | 'COMPLIANCE', RetainUntilDate: Date, bypass = false) =>
  s3.send(
    new PutObjectRetentionCommand({
      ...{ Bucket, Key, Retention: { Mode, RetainUntilDate } },
      BypassGovernanceRetention: bypass,
    }),
  );
const locked = { name: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };

describe('Object Lock', () => {
  test('of compliance keeps a version from everyone, and is only ever prolonged', async () => {
    const { VersionId } = await seal('compliance', 'COMPLIANCE');

    await expect(seal('compliance', 'COMPLIANCE')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(remove('compliance', VersionId)).rejects.toMatchObject(locked);
    await expect(remove('compliance', VersionId, true)).rejects.toMatchObject(locked);
    await expect(retain('compliance', 'COMPLIANCE', later(hour))).rejects.toMatchObject(locked);
    await expect(retain('compliance', 'GOVERNANCE', later(2 * day), true)).rejects.toMatchObject(locked);
    const until = later(3 * day);
    await retain('compliance', 'COMPLIANCE', until);
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'compliance' }));
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: until });
  });

  test('lets a delete marker come in front, and the version stays', async () => {
    const { VersionId } = await seal('marked', 'COMPLIANCE');
    expect(await remove('marked')).toMatchObject({ DeleteMarker: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'marked', VersionId }));
    expect(await Body?.transformToString()).toBe('line');
  });

  test('of governance gives way to who bypasses it', async () => {
    const { VersionId } = await seal('governance', 'GOVERNANCE');

    await expect(remove('governance', VersionId)).rejects.toMatchObject(locked);
    await expect(retain('governance', 'GOVERNANCE', later(hour))).rejects.toMatchObject(locked);
    await retain('governance', 'GOVERNANCE', later(hour), true);
    await remove('governance', VersionId, true);
  });

  test('tells for each of many what it keeps', async () => {
    const { VersionId } = await seal('one-of-many', 'COMPLIANCE');
    const Objects = [{ Key: 'one-of-many', VersionId }, { Key: 'not-there' }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).toEqual([{ Key: 'one-of-many', VersionId, Code: 'AccessDenied', Message: locked.message }]);
    expect(Deleted).toMatchObject([{ Key: 'not-there', DeleteMarker: true }]);
  });

  test('holds a version until it is let go, whatever its retention', async () => {
    const { VersionId } = await seal('held', 'GOVERNANCE');
    const hold = (Status: 'ON' | 'OFF') =>
      s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'held', LegalHold: { Status } }));
    await hold('ON');
    await expect(remove('held', VersionId, true)).rejects.toMatchObject(locked);
    await hold('OFF');
    await remove('held', VersionId, true);
  });

  test('retains what comes by its default, and ends with its time', async () => {
    const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'default', Body: 'x' }));

    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'default' }))).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
    });
    expect(await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).toMatchObject({ ObjectLockConfiguration });
    await expect(remove('default', VersionId)).rejects.toMatchObject(locked);
  });

  test('is refused where there is none, in the past, and never gives up versions', async () => {
    const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'x', ...more }));
    const until = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: later(day) };

    await expect(put({ ...until, Bucket: plain })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Bucket is missing Object Lock Configuration',
    });
    await expect(put({ ...until, ObjectLockRetainUntilDate: later(-hour) })).rejects.toThrow('must be in the future!');
    await expect(put({ ObjectLockMode: 'COMPLIANCE' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    const suspend = s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await expect(suspend).rejects.toMatchObject({ name: 'InvalidBucketState' });
    const none = s3.send(new GetObjectLockConfigurationCommand({ Bucket: plain }));
    await expect(none).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
  });

  test('comes from a template with its versions and its default', async () => {
    const DefaultRetention = { Mode: 'COMPLIANCE', Years: 1 };
    const Properties = {
      BucketName: 'templated',
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
    };
    const Resources = { Trail: { Type: 'AWS::S3::Bucket', Properties } };
    const wanted = { template: parseTemplate(JSON.stringify({ Resources })), parameters: {}, tags: {} };
    const caller = administrator(open.world, place.account);
    expect((await deploy(open.world, { ...place, ...wanted, stackName: 'trail', caller })).failed).toBe(false);

    const shown = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'templated' }));
    expect(shown.ObjectLockConfiguration).toEqual({ ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } });
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'templated', Key: 'k', Body: 'x' }));
    const gone = s3.send(new DeleteObjectCommand({ Bucket: 'templated', Key: 'k', VersionId }));
    await expect(gone).rejects.toMatchObject(locked);
  });
});

describe('an upload in parts', () => {
  const large = Buffer.alloc(5 * 1024 * 1024, 'ab');
  const begin = async (Key: string, more: object = {}) => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: plain, Key, ...more }));
    return { Bucket: plain, Key, UploadId };
  };
  type Upload = Awaited<ReturnType<typeof begin>>;
  const send = async (upload: Upload, PartNumber: number, Body: Buffer) => {
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (upload: Upload, Parts: object[], more: object = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));

  test('becomes one object of its parts, with the sum of sums', async () => {
    const upload = await begin('whole', { Metadata: { a: 'b' }, ChecksumAlgorithm: 'SHA256' });
    const digest = (text: Buffer) => createHash('sha256').update(text).digest();
    const Parts = [];
    for (const [index, Body] of [large, Buffer.from('end')].entries()) {
      const sent = { ...upload, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' as const };
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(sent));
      Parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    expect((await s3.send(new ListPartsCommand(upload))).Parts).toHaveLength(2);
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: plain }));
    expect(Uploads).toMatchObject([{ Key: 'whole', UploadId: upload.UploadId }]);

    const done = await complete(upload, Parts);

    const sum = digest(Buffer.concat([digest(large), digest(Buffer.from('end'))])).toString('base64');
    expect(done).toMatchObject({ ChecksumSHA256: `${sum}-2`, ETag: expect.stringMatching(/-2"$/) as string });
    const got = await s3.send(new GetObjectCommand({ Bucket: plain, Key: 'whole' }));
    expect(got).toMatchObject({ ContentLength: large.length + 3, Metadata: { a: 'b' } });
    expect(
      Buffer.concat([large, Buffer.from('end')]).equals(Buffer.from((await got.Body?.transformToByteArray()) ?? [])),
    ).toBe(true);
    const part = await s3.send(new HeadObjectCommand({ Bucket: plain, Key: 'whole', PartNumber: 2 }));
    expect(part).toMatchObject({ ContentLength: 3, PartsCount: 2 });
  });

  test('takes parts from objects, and replaces nothing that must not be there', async () => {
    await s3.send(new PutObjectCommand({ Bucket: plain, Key: 'source', Body: '0123456789' }));
    const upload = await begin('copied');
    const CopySource = `${plain}/source`;
    const copy = { ...upload, PartNumber: 1, CopySource, CopySourceRange: 'bytes=2-4' };
    const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(copy));
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];

    await s3.send(new PutObjectCommand({ Bucket: plain, Key: 'copied', Body: 'first' }));
    await expect(complete(upload, Parts, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await complete(upload, Parts);

    const { Body } = await s3.send(new GetObjectCommand({ Bucket: plain, Key: 'copied' }));
    expect(await Body?.transformToString()).toBe('234');
  });

  test('is refused with wrong, unordered and small parts, and once it is over', async () => {
    const upload = await begin('refused');
    const one = await send(upload, 1, Buffer.from('small'));
    const two = await send(upload, 2, Buffer.from('last'));

    await expect(complete(upload, [two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(upload, [{ ...one, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(upload, [one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(upload, [])).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(send(upload, 10_001, Buffer.from('x'))).rejects.toMatchObject({ name: 'InvalidArgument' });
    await s3.send(new AbortMultipartUploadCommand(upload));
    await expect(send(upload, 1, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
