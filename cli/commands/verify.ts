import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { gapsAfter } from '../../audit/seal/gaps.ts';
import { readSealedBucket } from '../../audit/seal/read-bucket.ts';
import { readSealedDirectory } from '../../audit/seal/read-directory.ts';
import { type Verdict, verifyTrail } from '../../audit/seal/verify.ts';
import { Fault } from '../../shared/fault.ts';
import { sealedTrailBucketName, sealingKeyAlias } from '../../shared/names.ts';
import { type ClientSettings, type ConnectionOptions, connect } from '../connection.ts';
import { progressLine } from '../render/progress.ts';
import { green, red, terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface VerifyOptions extends ConnectionOptions {
  readonly json?: boolean;
  /** A copy of the bucket, in place of the bucket itself: nobody is asked. */
  readonly directory?: string;
  /** A file with the public key (PEM), in place of the one that KMS answers. */
  readonly publicKey?: string;
}

/** Checks the sealed trail and prints what is wrong, and where; answers the exit code, 1 for any damage. */
export async function verify(options: VerifyOptions): Promise<number> {
  const verdict = await (options.directory === undefined ? verifyBucket(options) : verifyDirectory(options));
  const { logEventIds: _, ...told } = verdict;
  if (options.json === true) console.log(JSON.stringify(told, undefined, 2));
  else console.log(verdictText(verdict));
  return verdict.damages.length === 0 ? 0 : 1;
}

function verifyDirectory({ directory = '', publicKey }: VerifyOptions): Promise<Verdict> {
  if (publicKey === undefined)
    throw new Fault('KeyMissing', 'a copy of the bucket is checked with a public key that comes from elsewhere');
  return checked((show) => verifyTrail(readSealedDirectory(directory), keyIn(publicKey), show));
}

/** Also compares with the log group: what it still holds and no head names was left out. */
async function verifyBucket(options: VerifyOptions): Promise<Verdict> {
  const settings = connect('devops', options);
  const s3 = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  const trail = await readSealedBucket(s3, await bucketOf(s3, settings));
  const key = options.publicKey === undefined ? await keyOf(settings) : keyIn(options.publicKey);
  const verdict = await checked((show) => verifyTrail(trail, key, show));
  const gaps = await gapsAfter(verdict, new CloudWatchLogsClient(settings), Date.now());
  return { ...verdict, damages: [...verdict.damages, ...gaps] };
}

async function bucketOf(s3: S3Client, settings: ClientSettings): Promise<string> {
  const { Account: account = '' } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  return sealedTrailBucketName({ account, region: await s3.config.region() });
}

async function keyOf(settings: ClientSettings): Promise<KeyObject> {
  const { PublicKey } = await new KMSClient(settings).send(new GetPublicKeyCommand({ KeyId: sealingKeyAlias }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
}

function keyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (error) {
    throw new Fault(
      'KeyMissing',
      `${file} holds no public key: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

async function checked(check: (show: (head: number) => void) => Promise<Verdict>): Promise<Verdict> {
  const progress = progressLine('heads of the sealed trail checked');
  const verdict = await check(progress.show);
  progress.clear();
  return verdict;
}

function verdictText({ heads, records, until, lastHead, damages }: Verdict): string {
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const whole = `${counted(records, 'record')} under ${counted(heads, 'head')}, ${until === null ? 'nothing sealed yet' : `sealed until ${until}`}`;
  if (damages.length === 0) return `${green('whole')}  ${whole}\nlast head  ${lastHead ?? 'none'}`;
  const places = damages.map(({ object, line, problem }) =>
    terminalText(`  ${object}${line === null ? '' : `:${line}`}  ${problem}`, 400),
  );
  return [`${red('damaged')}  ${whole}`, ...places].join('\n');
}
