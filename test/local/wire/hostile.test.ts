import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withPlainBody } from '../../../local/wire/aws-chunked.ts';
import { dispatch } from '../../../local/wire/dispatch.ts';
import { readQuery } from '../../../local/wire/query.ts';
import type { WireRequest } from '../../../local/wire/request.ts';
import { AwsError } from '../../../local/world/failure.ts';
import { bareWorld, type ClientSettings } from '../bare-world.ts';
import { signed, type Unsigned } from './signer.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client('222222222222');
});
afterAll(() => open.close());

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 0) > 0 ? 20_000 : 400;
const requestOf = (change: Partial<WireRequest>): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  body: Buffer.alloc(0),
  ...change,
});

/** Texts near to what parsers look for, so that they get further than with chance alone. */
const near = (...pieces: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), { maxLength: 14 })
    .map((all) => all.join(''));

const faults = () => open.world.journal.entries.filter(({ kind }) => kind === 'fault');

test('whatever stands where the signature should, the answer is a refusal of AWS', async () => {
  const authorization = near(
    'AWS4-HMAC-SHA256',
    ' Credential=',
    'AKIA',
    '/',
    '20261123',
    'aws4_request',
    ', SignedHeaders=',
    'host',
    ';',
    ', Signature=',
  );
  const query = near(
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    '&X-Amz-Credential=',
    '%2F',
    '20261123',
    '&X-Amz-Date=',
    'T000000Z',
    '&X-Amz-Expires=',
    '%',
    '&',
  );
  const time = fc.oneof(fc.constant('20261123T000000Z'), fc.string());
  await fc.assert(
    fc.asyncProperty(authorization, query, time, async (header, search, at) => {
      const headers = { authorization: header, 'x-amz-date': at, host: '127.0.0.1' };
      const { status } = await dispatch(open.world, requestOf({ headers, query: search }));
      expect([400, 403]).toContain(status);
    }),
    { numRuns },
  );
  expect(faults()).toEqual([]);
});

test('whatever a signed body is, the answer is no failure of ours', async () => {
  const bodies = near(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'Entries',
    '__proto__',
    'null',
    '1e999',
    'Action=',
    'ListTopics',
    '&',
    '.member.',
    '.1',
    '=',
    '%',
    '<',
    '>',
    '<Delete>',
  );
  const doors = fc.constantFrom<Unsigned>(
    { service: 'events', headers: { 'x-amz-target': 'AWSEvents.PutEvents' } },
    { service: 'sqs', headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } },
    { service: 'iam', headers: { 'x-amz-target': 'constructor.constructor' } },
    { service: 'sns', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { service: 'lambda', headers: {}, path: '/2015-03-31/functions/f/invocations' },
    { service: 's3', headers: {}, method: 'POST', path: '/bucket', query: { delete: '' } },
    { service: 's3', headers: {}, method: 'PUT', path: '/bucket/%25/key' },
    {
      service: 'monitoring',
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
      path: '/service/x/operation/PutMetricData',
    },
    { service: '__proto__', headers: {} },
  );
  await fc.assert(
    fc.asyncProperty(doors, bodies, async (door, body) => {
      const { init } = signed(settings, { ...door, body });
      const query = door.query === undefined ? '' : 'delete=';
      const path = door.path ?? '/';
      const { status } = await dispatch(
        open.world,
        requestOf({ method: init.method, path, query, headers: init.headers, body: Buffer.from(body) }),
      );
      expect(status).not.toBe(500);
    }),
    { numRuns },
  );
  expect(faults()).toEqual([]);
});

test('whatever an aws-chunked body is, it is decoded or refused, and never longer than it came', () => {
  const body = near('5', ';chunk-signature=', '\r\n', 'hello', '0', 'ffffffff', 'x-amz-checksum-crc32:', '-1', '\n');
  const payload = fc.constantFrom(
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'STREAMING-OTHER',
  );
  const key = Buffer.alloc(32);
  const by = { signature: '', signingKey: key, scope: '', timestamp: '', region: '', service: 's3' };
  fc.assert(
    fc.property(body, payload, (text, kind) => {
      const request = requestOf({ headers: { 'x-amz-content-sha256': kind }, body: Buffer.from(text) });
      try {
        expect(withPlainBody(request, by as never).body.length).toBeLessThanOrEqual(request.body.length);
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
      }
    }),
    { numRuns: numRuns * 5 },
  );
});

test('a form of thousands of parameters is read in time that grows with it, and never reaches prototypes', () => {
  const many = (count: number) =>
    requestOf({
      body: Buffer.from(`Action=X${Array.from({ length: count }, (_, at) => `&List.member.${at + 1}=v`).join('')}`),
    });

  expect((readQuery(many(20_000))?.input['List'] as readonly string[]).length).toBe(20_000);
  const input = readQuery(
    requestOf({ body: Buffer.from('Action=X&__proto__.polluted=1&constructor.prototype.polluted=1') }),
  );
  expect(input?.operation).toBe('X');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
