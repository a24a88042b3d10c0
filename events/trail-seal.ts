import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '../shared/fault.ts';
import { moment } from './fields.ts';
import { type LoggedLine, recordOf } from './trail-record.ts';

/** Lower-case hexadecimal SHA-256 of a text in UTF-8. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits');

/** What a signature says about one segment, and about the head before it. */
export const trailHeadSchema = z.strictObject({
  version: z.literal('1'),
  number: z.number().int().positive().describe('counted from 1 without gaps'),
  previous: digest.describe('SHA-256 of the whole object of the head before; 64 zeros for the first'),
  from: moment.describe('where the window begins: the end of the one before'),
  until: moment.describe('where the window ends, exclusive'),
  segment: z.string().describe('the key of the segment'),
  segmentSha256: digest,
  count: z.number().int().nonnegative(),
  lines: z.array(digest).describe('SHA-256 of every line of the segment, without its newline, in order'),
  logEventIds: z.array(z.string()).describe('what CloudWatch Logs calls every line, in the same order'),
  keyId: z.string().describe('the ARN of the key of KMS that signed'),
});

/** What a signature says about one segment, and about the head before it. */
export type TrailHead = Readonly<z.infer<typeof trailHeadSchema>>;

/** The algorithm of all signatures, in KMS's word: ECDSA on P-256 over the SHA-256 of the head's first line. */
export const signingAlgorithm = 'ECDSA_SHA_256';

/** What the first head has as its previous one. */
export const noHead = '0'.repeat(64);

/** Where the first window begins. */
export const firstMoment = '1970-01-01T00:00:00.000Z';

/** What the keys of heads and segments begin with. */
export const headPrefix = 'heads/';
export const segmentPrefix = 'segments/';

/** The key of a head; keys sort as their numbers. */
export const headKey = (number: number): string => `${headPrefix}${String(number).padStart(10, '0')}.json`;

/** The key of a segment. It names its content, so two runs that seal differently never overwrite each other. */
export const segmentKey = (number: number, sha: string): string =>
  `${segmentPrefix}${String(number).padStart(10, '0')}-${sha}.jsonl`;

/** The head before a new one; `undefined` before the first. */
export interface SealedHead {
  readonly head: TrailHead;
  /** SHA-256 of the whole object. */
  readonly sha256: string;
}

/** A segment and the head that is to be signed for it. */
export interface Seal {
  readonly head: TrailHead;
  readonly segment: string;
}

/** Orders lines as they are sealed: by time, then by the id of CloudWatch Logs. */
export const inOrder = (lines: readonly LoggedLine[]): readonly LoggedLine[] =>
  [...lines].sort((a, b) => a.timestamp - b.timestamp || (a.eventId < b.eventId ? -1 : 1));

/** The seal of lines, in their order, up to a moment (milliseconds since 1970). The same input gives the same seal. */
export function sealOf(
  lines: readonly LoggedLine[],
  { previous, until, keyId }: { readonly previous: SealedHead | undefined; until: number; readonly keyId: string },
): Seal {
  const texts = lines.map((line) => JSON.stringify(recordOf(line)));
  const segment = texts.map((text) => `${text}\n`).join('');
  const number = (previous?.head.number ?? 0) + 1;
  const segmentSha256 = sha256(segment);
  const head: TrailHead = {
    version: '1',
    number,
    previous: previous?.sha256 ?? noHead,
    from: previous?.head.until ?? firstMoment,
    until: new Date(until).toISOString(),
    segment: segmentKey(number, segmentSha256),
    segmentSha256,
    count: lines.length,
    lines: texts.map(sha256),
    logEventIds: lines.map(({ eventId }) => eventId),
    keyId,
  };
  return { head, segment };
}

/** The first line of a head's object: the bytes that are signed. */
export const headBody = (head: TrailHead): string => JSON.stringify(head);

/** A head's object: two lines, the signed one and the signature in base64 (DER). */
export const headObject = (body: string, signature: Uint8Array): string =>
  `${body}\n${Buffer.from(signature).toString('base64')}\n`;

/** What an object of a head holds. */
export interface ReadHead {
  readonly head: TrailHead;
  readonly body: string;
  readonly signature: Buffer;
}

/** Reads a head's object; one that {@link headObject} would write differently is refused. Throws SealBroken. */
export function readHead(text: string): ReadHead {
  const [body = '', encoded = ''] = text.split('\n');
  const signature = Buffer.from(encoded, 'base64');
  const head = parse(body);
  if (headBody(head) !== body || headObject(body, signature) !== text)
    throw new Fault('SealBroken', 'the head is not written as heads are');
  return { head, body, signature };
}

function parse(body: string): TrailHead {
  try {
    return trailHeadSchema.parse(JSON.parse(body));
  } catch (error) {
    const why = error instanceof z.ZodError ? `its ${error.issues[0]?.path.join('.')} is wrong` : 'it is not JSON';
    throw new Fault('SealBroken', `the head cannot be read: ${why}`);
  }
}
