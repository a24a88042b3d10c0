import { createHash } from 'node:crypto';
import { ChecksumAlgorithm, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareWorld, type ClientSettings } from '../bare-world.ts';
import { refusal, signed, signedChunks, type Unsigned } from './signer.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client('222222222222');
  const Resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'chunks' } } };
  const form = { Action: 'CreateStack', StackName: 'chunks', TemplateBody: JSON.stringify({ Resources }) };
  const { url, init } = signed(settings, {
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  expect((await fetch(url, init)).status).toBe(200);
  await open.world.settled();
});
afterAll(() => open.close());

const text = 'The quick brown fox jumps over the lazy dog';
/** Sums of that text. Sources: published check values; the CRC-64 by the CRC catalogue's parameters of CRC-64/NVME. */
const sums: Readonly<Record<string, string>> = {
  crc32: Buffer.from('414fa339', 'hex').toString('base64'),
  crc32c: Buffer.from('22620404', 'hex').toString('base64'),
  sha1: createHash('sha1').update(text).digest('base64'),
  sha256: createHash('sha256').update(text).digest('base64'),
};
const stored = async (Key: string): Promise<string | undefined> => {
  const { Body } = await new S3Client({ ...settings, forcePathStyle: true }).send(
    new GetObjectCommand({ Bucket: 'chunks', Key }),
  );
  return Body?.transformToString();
};

async function put(request: Omit<Unsigned, 'service' | 'method'>, key = 'object') {
  const { url, init } = signed(settings, { service: 's3', method: 'PUT', path: `/chunks/${key}`, ...request });
  return fetch(url, init);
}

describe('an unmodified client uploads with each checksum', () => {
  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const)('%s', async (algorithm) => {
    const client = new S3Client({ ...settings, forcePathStyle: true });
    const Body = Buffer.from(text.repeat(3));

    await client.send(
      new PutObjectCommand({ Bucket: 'chunks', Key: algorithm, Body, ChecksumAlgorithm: ChecksumAlgorithm[algorithm] }),
    );

    expect(await stored(algorithm)).toBe(text.repeat(3));
  });
});

test('the check value of CRC-64/NVME', async () => {
  // "123456789" gives 0xae8b14860a799888 in the CRC catalogue.
  const sum = Buffer.from('ae8b14860a799888', 'hex').toString('base64');

  expect((await put({ body: '123456789', headers: { 'x-amz-checksum-crc64nvme': sum } })).status).toBe(200);
});

describe('a checksum in a header', () => {
  test.each(Object.entries(sums))('%s is verified', async (name, sum) => {
    const headers = { [`x-amz-checksum-${name}`]: sum };

    expect((await put({ body: text, headers })).status).toBe(200);
    expect(await refusal(await put({ body: `${text}!`, headers }))).toMatchObject({
      code: 'BadDigest',
      message: `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
    });
  });

  test('Content-MD5 too', async () => {
    const md5 = createHash('md5').update(text).digest('base64');

    expect((await put({ body: text, headers: { 'content-md5': md5 } })).status).toBe(200);
    expect((await refusal(await put({ body: 'other', headers: { 'content-md5': md5 } }))).code).toBe('BadDigest');
    expect((await refusal(await put({ body: text, headers: { 'content-md5': 'x' } }))).code).toBe('InvalidDigest');
  });
});

describe('a body in chunks without signatures, as a stream of the SDK sends it', () => {
  const streamed = (body: string) =>
    put({
      payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      headers: { 'content-encoding': 'aws-chunked', 'x-amz-trailer': 'x-amz-checksum-crc32' },
      body,
    });

  test('is put together, and its trailing checksum verified', async () => {
    const answer = await streamed(
      `10\r\n${text.slice(0, 16)}\r\n1b\r\n${text.slice(16)}\r\n0\r\nx-amz-checksum-crc32:${sums['crc32']}\r\n\r\n`,
    );

    expect(answer.status).toBe(200);
    expect(await stored('object')).toBe(text);
  });

  test.each([
    ['another checksum', `2b\r\n${text}\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`, 'BadDigest'],
    ['a chunk cut short', `2c\r\n${text}\r\n0\r\n\r\n`, 'IncompleteBody'],
    ['no last chunk', `2b\r\n${text}\r\n`, 'IncompleteBody'],
    ['a size that is none', `zz\r\n${text}\r\n0\r\n\r\n`, 'IncompleteBody'],
    ['a trailer that is none', `2b\r\n${text}\r\n0\r\nwhat is this\r\n\r\n`, 'MalformedTrailerError'],
  ])('with %s is refused', async (_what, body, code) => {
    expect((await refusal(await streamed(body))).code).toBe(code);
  });
});

describe('a body in signed chunks', () => {
  const chunks = [text.slice(0, 20), text.slice(20)];
  const send = (change: (body: string) => string = (body) => body, trailer?: string) => {
    const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`;
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(text.length) };
    const request = signed(settings, { service: 's3', method: 'PUT', path: '/chunks/signed', headers, payload });
    return fetch(request.url, { ...request.init, body: change(signedChunks(request, chunks, trailer)) });
  };

  test('is taken when every signature is right', async () => {
    expect((await send()).status).toBe(200);
    expect(await stored('signed')).toBe(text);
  });

  test('and its signed trailers', async () => {
    expect((await send((body) => body, `x-amz-checksum-sha256:${sums['sha256']}`)).status).toBe(200);
    expect((await refusal(await send((body) => body, 'x-amz-checksum-sha256:AAAA'))).code).toBe('BadDigest');
  });

  test.each([
    ['a changed chunk', (body: string) => body.replace('quick', 'quack')],
    ['a changed signature', (body: string) => body.replace(/chunk-signature=./, 'chunk-signature=x')],
    ['no signature', (body: string) => body.replace(/;chunk-signature=[0-9a-f]+/, '')],
  ])('is refused with %s', async (_what, change) => {
    expect((await refusal(await send(change))).code).toBe('SignatureDoesNotMatch');
  });

  test('is refused with a changed trailer', async () => {
    const change = (body: string) => body.replace(/trailer-signature:./, 'trailer-signature:x');

    expect((await refusal(await send(change, `x-amz-checksum-sha256:${sums['sha256']}`))).code).toBe(
      'SignatureDoesNotMatch',
    );
  });

  test('is refused when it is not as long as was said', async () => {
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '7' };
    const request = { headers, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', body: '0\r\n\r\n' };

    expect((await refusal(await put(request))).code).toBe('IncompleteBody');
  });
});
