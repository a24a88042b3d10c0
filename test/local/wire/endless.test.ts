import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRule } from '../../../local/services/codecommit/approval-rules.ts';
import { checkPath } from '../../../local/services/codecommit/paths.ts';
import { isRefName } from '../../../local/services/codecommit/refs.ts';
import { withPlainBody } from '../../../local/wire/aws-chunked.ts';
import { decodeCbor } from '../../../local/wire/cbor.ts';
import { PushHeadReader } from '../../../local/wire/git/pkt-line.ts';
import { readJson } from '../../../local/wire/json.ts';
import { readQuery } from '../../../local/wire/query.ts';
import type { WireRequest } from '../../../local/wire/request.ts';
import { readXml } from '../../../local/wire/s3/xml.ts';
import { verifySignature } from '../../../local/wire/sigv4.ts';
import { AwsError } from '../../../local/world/failure.ts';
import { shortestMilliseconds } from '../../languages/broken-text.ts';
import { bareWorld } from '../bare-world.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
beforeAll(async () => {
  open = await bareWorld();
});
afterAll(() => open.close());

const fuzzing = Number(process.env['FUZZ_RUNS'] ?? 0) > 0;
const requestOf = (change: Partial<WireRequest>): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  body: Buffer.alloc(0),
  ...change,
});
const date = '20261123T000000Z';
const verify = (change: Partial<WireRequest>) => verifySignature(open.world, requestOf(change));
const claim = 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=';
const streamed = (payload: string, text: string) =>
  withPlainBody(requestOf({ headers: { 'x-amz-content-sha256': payload }, body: Buffer.from(text) }), {
    signature: '',
    signingKey: Buffer.alloc(32),
    scope: '',
    timestamp: '',
    region: '',
    service: 's3',
  } as never);
const pktLine = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;

/** What strangers' texts meet first, by its name. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a signature in a header': (text) => verify({ headers: { authorization: text, 'x-amz-date': date } }),
  'the scope of a signature': (text) =>
    verify({ headers: { authorization: claim.replace('s3', text), 'x-amz-date': date } }),
  'the headers that a signature names': (text) =>
    verify({ headers: { authorization: claim.replace('host', text), 'x-amz-date': date, host: text } }),
  'the time of a signature': (text) => verify({ headers: { authorization: claim, 'x-amz-date': text } }),
  'a presigned query': (text) => verify({ query: `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=1&${text}` }),
  'signed chunks': (text) => streamed('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', text),
  'the extension of a chunk': (text) => streamed('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', `0;${text}\r\n\r\n`),
  'a trailer': (text) => streamed('STREAMING-UNSIGNED-PAYLOAD-TRAILER', `0\r\nx-amz-checksum-crc32:${text}\r\n\r\n`),
  trailers: (text) => streamed('STREAMING-UNSIGNED-PAYLOAD-TRAILER', `0\r\n${text}\r\n\r\n`),
  'a form': (text) => readQuery(requestOf({ body: Buffer.from(`Action=X&${text}`) })),
  JSON: (text) => readJson(Buffer.from(text)),
  CBOR: (text) => decodeCbor(Buffer.from(text, 'latin1')),
  XML: (text) => readXml(text, 'Delete'),
  'commands of a push': (text) => new PushHeadReader().take(Buffer.from(pktLine(text))),
  'pkt-lines': (text) => new PushHeadReader().take(Buffer.from(text)),
  'a path in a repository': checkPath,
  'the name of a ref': isRefName,
  'an approval rule': parseRule,
};

const many = 16_000;
const fill = (unit: string): string => unit.repeat(Math.floor(many / unit.length));

/** Texts that make a reader go back and forth, if it does at all: runs of what it skips, with something else at their end. */
const hostile: Readonly<Record<string, string>> = {
  blanks: ` ${fill(' ')}x`,
  'blanks on both sides': `x${fill(' ')}${'y'.repeat(1001)}`,
  'blanks before much': `${fill(' ')}${'y'.repeat(1001)}`,
  slashes: `/a${fill('/')}b`,
  'slashes and letters': fill('a/'),
  dots: fill('a.'),
  colons: `x:${fill(': ')}`,
  commas: fill(', Credential='),
  semicolons: fill('host;'),
  'equal signs': fill('a=&'),
  'per cents': fill('%25'),
  'numbered members': fill('a.member.1=b&'),
  'line ends': fill('\r\n'),
  'empty chunks': fill('1\r\na\r\n'),
  'open tags': fill('<Delete>'),
  'tags in tags': `<Delete>${fill('<a></a>')}</Delete>`,
  'open comments': `<Delete>${fill('<!--')}`,
  'open attributes': `<Delete ${fill('a="/" ')}`,
  entities: `<Delete>${fill('&amp;')}</Delete>`,
  'arrays that begin': fill('['),
  'CBOR arrays': fill('\x9f'),
  'CBOR maps': fill('\xbf\x61a'),
  'empty lines of a push': fill('0004'),
  'shallow lines': fill(pktLine(`shallow ${'0'.repeat(40)}`)),
  digits: fill('1'),
};

test.each(Object.entries(readers))('whatever comes is read or refused at once: %s', (_, read) => {
  const survive = (text: string) => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof AwsError) && !(error instanceof RangeError)) throw error;
      expect(error.message.length).toBeLessThan(20_000);
    }
  };

  // Clocks decide only in `npm run fuzz`: 50 ms of a processor for 16 KB. Everywhere else an endless loop must fail.
  if (!fuzzing) expect(shortestMilliseconds(() => Object.values(hostile).forEach(survive), 2000)).toBeLessThan(2000);
  else
    for (const [what, text] of Object.entries(hostile))
      expect(
        shortestMilliseconds(() => survive(text), 50),
        what,
      ).toBeLessThan(50);
});
