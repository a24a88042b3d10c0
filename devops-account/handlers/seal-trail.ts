import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import {
  headBody,
  headObject,
  type Seal,
  type SealedHead,
  sealOf,
  sha256,
  signingAlgorithm,
} from '../../events/trail-seal.ts';
import { SealedBucket } from './seal-trail/sealed-bucket.ts';
import { unsealedLines } from './seal-trail/unsealed-lines.ts';

/** What the sealer talks to. */
export interface Clients {
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly logger: Logger;
}

/** Where the sealer reads, writes and signs. */
export interface Settings {
  readonly logGroupName: string;
  readonly bucket: string;
  /** ARN. */
  readonly keyId: string;
  /** The most records of one segment. @default 10,000 */
  readonly mostLines?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const hour = 3_600_000;

/** Lines reach the log group this long after their time, as a rule; those that come later are sealed with a later window. */
const settling = 10 * 60_000;

/**
 * Seals the trail up to the last full hour that has settled, continuing from the last head. Only the write of a head counts, and of several
 * runs one alone can write it, so a run that is repeated, late, interrupted or overtaken leaves the one chain. Answers the newest head's number.
 */
export const createHandler = (clients: Clients, settings: Settings) => async () => {
  const bucket = new SealedBucket(clients.s3, settings.bucket);
  const { mostLines = 10_000 } = settings;
  const until = Math.floor((settings.now() - settling) / hour) * hour;
  let last = await bucket.lastHead();
  while (last === undefined || Date.parse(last.head.until) < until) {
    const lines = await unsealedLines(clients.logs, settings.logGroupName, { bucket, last, until });
    const taken = lines.slice(0, mostLines);
    // Of a window that is too large for one segment the first part ends with its last line; the rest is unsealed still.
    const end = lines.length > mostLines ? Math.max(taken.at(-1)?.timestamp ?? 0, startOf(last)) : until;
    const next = await write(clients, bucket, sealOf(taken, { previous: last, until: end, keyId: settings.keyId }));
    if (next === undefined) {
      clients.logger.info('another run was quicker', { number: (last?.head.number ?? 0) + 1 });
      break;
    }
    const { number, count, until: sealedUntil } = next.head;
    clients.logger.info('sealed', { number, count, until: sealedUntil });
    last = next;
  }
  return { number: last?.head.number ?? 0 };
};

const startOf = (last: SealedHead | undefined): number => (last === undefined ? 0 : Date.parse(last.head.until));

/** First the segment, then the head that makes it count; undefined when another run has written that head. */
async function write({ kms }: Clients, bucket: SealedBucket, seal: Seal): Promise<SealedHead | undefined> {
  await bucket.putSegment(seal);
  const body = headBody(seal.head);
  const { Signature } = await kms.send(
    new SignCommand({
      KeyId: seal.head.keyId,
      Message: createHash('sha256').update(body).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: signingAlgorithm,
    }),
  );
  if (Signature === undefined) throw new Error(`KMS answered no signature for head ${seal.head.number}`);
  const text = headObject(body, Signature);
  return (await bucket.putHead(seal.head.number, text)) ? { head: seal.head, sha256: sha256(text) } : undefined;
}

/** The function that the stack names. */
export const handler = createHandler(
  { logs: new CloudWatchLogsClient({}), s3: new S3Client({}), kms: new KMSClient({}), logger: new Logger() },
  {
    logGroupName: process.env['TRAIL_LOG_GROUP'] ?? '',
    bucket: process.env['SEALED_BUCKET'] ?? '',
    keyId: process.env['SIGNING_KEY'] ?? '',
    now: Date.now,
  },
);
