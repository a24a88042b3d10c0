import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareWorld, type ClientSettings } from '../bare-world.ts';
import { presigned, refusal, signed, type Unsigned } from './signer.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client('222222222222');
});
afterAll(() => open.close());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const whoami: Unsigned = { service: 'sts', headers: form, body: 'Action=GetCallerIdentity&Version=2011-06-15' };
const queues: Unsigned = {
  service: 'sqs',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
  body: '{}',
};
const buckets: Unsigned = { service: 's3', method: 'GET' };
const minutes = 60_000;

async function ask(request: Unsigned, by: ClientSettings = settings) {
  const { url, init } = signed(by, request);
  return fetch(url, init);
}

test.each([
  ['the Query protocol', whoami],
  ['the JSON protocol', queues],
  ['S3', buckets],
  [
    'a path that has to be encoded twice',
    { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/a%20b%2Fc' },
  ],
])('a right signature is taken: %s', async (_what, request) => {
  const answer = await ask(request);

  expect([200, 404]).toContain(answer.status);
});

/** The same mistake in three protocols. Source: the error pages of the STS, SQS and S3 API references and what their clients print. */
describe.each([
  [
    'a wrong secret',
    {},
    { secretAccessKey: 'wrong' },
    ['SignatureDoesNotMatch', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ],
  [
    'an unknown key',
    {},
    { accessKeyId: 'AKIAUNKNOWNUNKNOWN00' },
    ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId'],
  ],
  [
    'a token with keys that have none',
    { sessionToken: 'left over from another session' },
    {},
    ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidToken'],
  ],
  [
    'a clock that is 16 minutes behind',
    { ahead: -16 * minutes },
    {},
    ['SignatureDoesNotMatch', 'InvalidSignatureException', 'RequestTimeTooSkewed'],
  ],
  [
    'a clock that is 16 minutes ahead',
    { ahead: 16 * minutes },
    {},
    ['SignatureDoesNotMatch', 'InvalidSignatureException', 'RequestTimeTooSkewed'],
  ],
  [
    'another body than the one signed',
    { payload: 'a'.repeat(64) },
    {},
    ['SignatureDoesNotMatch', 'InvalidSignatureException', 'XAmzContentSHA256Mismatch'],
  ],
  [
    'a host that is not signed',
    { leaveOut: ['host'] },
    {},
    ['SignatureDoesNotMatch', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ],
])('%s is refused', (_what, change, keys, codes) => {
  test.each([
    ['sts', whoami, codes[0]],
    ['sqs', queues, codes[1]],
    ['s3', buckets, codes[2]],
  ])('%s', async (_service, request, code) => {
    const by = { ...settings, credentials: { ...settings.credentials, ...keys } };

    const refused = await refusal(await ask({ ...request, ...change }, by));

    expect(refused.code).toBe(code);
    expect([400, 403]).toContain(refused.status);
  });
});

test('a clock that is 14 minutes off is near enough', async () => {
  for (const ahead of [-14 * minutes, 14 * minutes]) expect((await ask({ ...whoami, ahead })).status).toBe(200);
});

test('the refusal of an old signature says what time it is', async () => {
  const { message } = await refusal(await ask({ ...queues, ahead: -20 * minutes }));

  expect(message).toMatch(
    /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
  );
});

test.each([
  ['nothing', undefined, 'MissingAuthenticationToken'],
  ['another scheme', 'Bearer abc', 'MissingAuthenticationToken'],
  ['version 2', 'AWS AKIAEXAMPLE:c2lnbmF0dXJl', 'InvalidRequest'],
  ['half of it', 'AWS4-HMAC-SHA256 Credential=AKIA/20261123', 'IncompleteSignature'],
  [
    'a scope that ends otherwise',
    'AWS4-HMAC-SHA256 Credential=A/20261123/eu-west-1/sts/aws5, SignedHeaders=host, Signature=0',
    'IncompleteSignature',
  ],
])('an Authorization header with %s is refused', async (_what, authorization, code) => {
  const headers: Record<string, string> = { ...form, ...(authorization === undefined ? {} : { authorization }) };
  const answer = await fetch(settings.endpoint, { method: 'POST', headers, body: 'Action=GetCallerIdentity' });

  expect((await refusal(answer)).code).toBe(code);
});

describe('S3 refuses what is sent and not signed', () => {
  test.each(['x-amz-acl', 'x-amz-meta-note'])('%s', async (name) => {
    const put: Unsigned = { service: 's3', method: 'PUT', path: '/none/key', body: 'x', unsigned: { [name]: 'y' } };

    const answer = await ask(put);
    expect(await refusal(answer)).toMatchObject({
      code: 'AccessDenied',
      message: 'There were headers present in the request which were not signed',
    });
  });
});

describe('a presigned address', () => {
  const presign = (change: { readonly expires?: string; readonly ahead?: number; readonly method?: string } = {}) =>
    presigned(settings, { service: 's3', path: '/', ...change });

  test('is served without any header', async () => {
    expect((await fetch(presign())).status).toBe(200);
  });

  test.each([
    ['is over', { expires: '60', ahead: -2 * minutes }, 'AccessDenied', 'Request has expired'],
    ['has not begun', { ahead: 16 * minutes }, 'AccessDenied', 'Request is not yet valid'],
    ['was made for another method', { method: 'PUT' }, 'SignatureDoesNotMatch', ''],
    ['holds longer than a week', { expires: '604801' }, 'AuthorizationQueryParametersError', 'less than a week'],
    ['holds for no number', { expires: 'NaN' }, 'AuthorizationQueryParametersError', 'should be a number'],
    ['holds for less than nothing', { expires: '-1' }, 'AuthorizationQueryParametersError', 'should be a number'],
  ])('that %s is refused', async (_what, change, code, message) => {
    const refused = await refusal(await fetch(presign(change)));

    expect(refused.code).toBe(code);
    expect(refused.message).toContain(message);
  });

  test('whose query was changed is refused', async () => {
    expect((await refusal(await fetch(`${presign()}&prefix=a`))).code).toBe('SignatureDoesNotMatch');
  });
});
