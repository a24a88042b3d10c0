import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareWorld, type ClientSettings } from './bare-world.ts';
import { refusal, signed } from './wire/signer.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
let s3: S3Client;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client('222222222222');
  s3 = new S3Client({ ...settings, forcePathStyle: true, maxAttempts: 1 });
});
afterAll(() => open.close());

const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
const bucket = async (Bucket: string) => {
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  return Bucket;
};
const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (Bucket: string, Key: string, Body = 'text', more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Bucket: string, Key: string, more: object = {}) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};
const filesOf = async (name: string) => (await readdir(join(open.world.directory, 's3', name))).length;
const refused = (name: string, httpStatusCode?: number) => ({
  name,
  ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }),
});

test('an object keeps what its sender says of it, and tells it with its checksum', async () => {
  const Bucket = await bucket('described');
  const said = { CacheControl: 'no-store', ContentType: 'text/x', ContentLanguage: 'de', Metadata: { a: 'b' } };
  await put(Bucket, 'a b/ü+%.txt', 'hello', { ...said, Tagging: 'x=1&y=2', ChecksumAlgorithm: 'SHA256' });

  const ChecksumSHA256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';
  const told = { ...said, ContentLength: 5, TagCount: 2, ChecksumSHA256, ETag: '"5d41402abc4b2a76b9719d911017c592"' };
  expect(await get(Bucket, 'a b/ü+%.txt', { ChecksumMode: 'ENABLED' })).toMatchObject({ ...told, text: 'hello' });
  const head = new HeadObjectCommand({ Bucket, Key: 'a b/ü+%.txt', ChecksumMode: 'ENABLED' });
  expect(await s3.send(head)).toMatchObject(told);
  const attributes = { Bucket, Key: 'a b/ü+%.txt', ObjectAttributes: ['Checksum' as const, 'ObjectSize' as const] };
  expect(await s3.send(new GetObjectAttributesCommand(attributes))).toMatchObject({
    ObjectSize: 5,
    Checksum: { ChecksumSHA256 },
  });
  expect(await get(Bucket, 'a b/ü+%.txt', { ResponseContentType: 'text/y' })).toMatchObject({ ContentType: 'text/y' });
});

test('a copy takes over what is not replaced, and copies nothing onto itself', async () => {
  const Bucket = await bucket('copies');
  await put(Bucket, 'from é', 'hello', { Metadata: { a: 'b' }, Tagging: 'x=1' });
  const CopySource = `${Bucket}/${encodeURIComponent('from é')}`;
  const copy = (Key: string, more: object = {}) => s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));

  await copy('same');
  await copy('other', { MetadataDirective: 'REPLACE', Metadata: { c: 'd' }, TaggingDirective: 'REPLACE' });

  expect(await get(Bucket, 'same')).toMatchObject({ text: 'hello', Metadata: { a: 'b' }, TagCount: 1 });
  const other = await get(Bucket, 'other');
  expect([other.text, other.Metadata, other.TagCount]).toEqual(['hello', { c: 'd' }, undefined]);
  await expect(copy('from é')).rejects.toMatchObject(refused('InvalidRequest'));
  await expect(copy('none', { CopySource: `${Bucket}/none` })).rejects.toMatchObject(refused('NoSuchKey'));
  await expect(copy('x', { CopySourceIfMatch: '"z"' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await put(Bucket, 'from é', 'changed');
  expect((await get(Bucket, 'same')).text, 'the bytes are the copy’s own').toBe('hello');
});

test('ranges are answered with their bytes alone', async () => {
  const Bucket = await bucket('ranges');
  await put(Bucket, 'k', '0123456789');
  const range = async (Range: string) => {
    const { text, ContentRange } = await get(Bucket, 'k', { Range });
    return [text, ContentRange];
  };

  expect(await range('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
  expect(await range('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
  expect(await range('bytes=-2')).toEqual(['89', 'bytes 8-9/10']);
  expect(await range('bytes=5-99')).toEqual(['56789', 'bytes 5-9/10']);
  expect(await range('lines=1-2'), 'what is no range is all of it').toEqual(['0123456789', undefined]);
  await expect(range('bytes=10-')).rejects.toMatchObject(refused('InvalidRange', 416));
});

test('conditions decide whether an object is read or written', async () => {
  const Bucket = await bucket('conditions');
  const { ETag } = await put(Bucket, 'k', 'one', { IfNoneMatch: '*' });

  await expect(put(Bucket, 'k', 'two', { IfNoneMatch: '*' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await expect(put(Bucket, 'k', 'two', { IfMatch: '"x"' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await expect(put(Bucket, 'none', 'two', { IfMatch: ETag })).rejects.toMatchObject(refused('NoSuchKey', 404));
  expect((await get(Bucket, 'k', { IfMatch: ETag })).text).toBe('one');
  await expect(get(Bucket, 'k', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(get(Bucket, 'k', { IfMatch: '"x"' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  const tomorrow = new Date(open.world.clock.now() + 86_400_000);
  const late = get(Bucket, 'k', { IfModifiedSince: tomorrow });
  await expect(late).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  const race = await Promise.allSettled([1, 2, 3].map((each) => put(Bucket, 'new', `${each}`, { IfNoneMatch: '*' })));
  expect(
    race.filter(({ status }) => status === 'fulfilled'),
    'of several one makes it',
  ).toHaveLength(1);
});

test('what is overwritten or deleted leaves no file', async () => {
  const Bucket = await bucket('files');
  for (const text of ['1', '2', '3']) await put(Bucket, 'k', text);
  expect(await filesOf(Bucket)).toBe(1);
  await expect(put(Bucket, 'k', '4', { IfNoneMatch: '*' })).rejects.toThrow();
  expect(await filesOf(Bucket)).toBe(1);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(await filesOf(Bucket)).toBe(0);
});

test('versions outlive deletion and suspended versioning', async () => {
  const Bucket = await bucket('versions');
  await versioning(Bucket, 'Enabled');
  const { VersionId: first } = await put(Bucket, 'k', 'one');
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));

  expect(marker).toMatchObject({ DeleteMarker: true });
  await expect(get(Bucket, 'k')).rejects.toMatchObject(refused('NoSuchKey', 404));
  const byId = get(Bucket, 'k', { VersionId: marker.VersionId });
  await expect(byId).rejects.toMatchObject(refused('MethodNotAllowed', 405));
  await expect(get(Bucket, 'k', { VersionId: '0'.repeat(32) })).rejects.toMatchObject(refused('NoSuchVersion', 404));
  await versioning(Bucket, 'Suspended');
  expect(await put(Bucket, 'k', 'two')).toMatchObject({ VersionId: 'null' });
  await put(Bucket, 'k', 'three');
  expect((await get(Bucket, 'k', { VersionId: first })).text).toBe('one');

  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    ['null', true],
    [first, false],
  ]);
  expect(DeleteMarkers).toHaveLength(1);
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(refused('BucketNotEmpty', 409));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toHaveLength(3);
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

test('tags are replaced as a whole, and wrong ones are refused', async () => {
  const Bucket = await bucket('tags');
  await put(Bucket, 'k', 'x', { Tagging: 'a=1' });
  const tag = (...TagSet: { Key: string; Value: string }[]) =>
    s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
  await tag({ Key: 'b', Value: '<&>' });

  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }));
  expect(TagSet).toEqual([{ Key: 'b', Value: '<&>' }]);
  await expect(tag({ Key: 'aws:x', Value: '' })).rejects.toMatchObject(refused('InvalidTag'));
  await expect(tag({ Key: 'x', Value: '' }, { Key: 'x', Value: '' })).rejects.toMatchObject(refused('InvalidTag'));
  const many = Array.from({ length: 11 }, (_, index) => ({ Key: `${index}`, Value: '' }));
  await expect(tag(...many)).rejects.toMatchObject(refused('BadRequest'));
});

test('a bucket is made once, in the region it names', async () => {
  const Bucket = await bucket('once-only');
  await expect(bucket(Bucket)).rejects.toMatchObject(refused('BucketAlreadyOwnedByYou', 409));
  await expect(bucket('Bad_Name')).rejects.toMatchObject(refused('InvalidBucketName', 400));
  const other = new S3Client({ ...open.client('333333333333'), forcePathStyle: true });
  const theirs = other.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  await expect(theirs).rejects.toMatchObject(refused('BucketAlreadyExists', 409));
  const virginia = new S3Client({ ...settings, region: 'us-east-1', forcePathStyle: true });
  await virginia.send(new CreateBucketCommand({ Bucket: 'virginia' }));
  const { LocationConstraint } = await virginia.send(new GetBucketLocationCommand({ Bucket: 'virginia' }));
  expect(LocationConstraint).toBeUndefined();
  expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject(CreateBucketConfiguration);
});

test.each([
  ['PUT', { versionID: 'x' }, {}],
  ['DELETE', { restore: '' }, {}],
  ['GET', { torrent: '' }, {}],
  ['PUT', { partNumber: '1' }, {}],
  ['PUT', {}, { 'x-amz-write-offset-bytes': '0' }],
])('%s of an object with %o%o is refused by name, and the object stays', async (method, query, headers) => {
  const Bucket = 'stays';
  if (open.world.store.in({ name: 's3/buckets' }).get(Bucket) === undefined) await bucket(Bucket);
  await put(Bucket, 'k', 'kept');
  const request = { service: 's3', method, path: `/${Bucket}/k`, query, headers, body: method === 'PUT' ? 'x' : '' };
  const { url, init } = signed(settings, method === 'GET' ? { ...request, body: undefined } : request);

  const answer = await refusal(await fetch(url, init));

  expect(answer).toMatchObject({ status: 501, code: 'NotImplemented' });
  expect(answer.message).toContain(Object.keys({ ...query, ...headers })[0]);
  expect((await get(Bucket, 'k')).text).toBe('kept');
});
