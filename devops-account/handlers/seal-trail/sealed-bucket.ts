import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { headKey, headPrefix, readHead, type Seal, type SealedHead, sha256 } from '../../../events/trail-seal.ts';

/** The bucket of the sealed trail, as the sealer uses it: it reads heads and adds objects, and overwrites none. */
export class SealedBucket {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** The newest head; undefined before the first. */
  async lastHead(): Promise<SealedHead | undefined> {
    let newest: string | undefined;
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: headPrefix },
    ))
      newest = Contents.at(-1)?.Key ?? newest;
    return newest === undefined ? undefined : this.#read(newest);
  }

  /** A head by its number. */
  head(number: number): Promise<SealedHead> {
    return this.#read(headKey(number));
  }

  /** Writes a segment. Its key names its content, so one that is there already is the same. */
  async putSegment({ head, segment }: Seal): Promise<void> {
    await this.#putNew(head.segment, segment, 'application/x-ndjson');
  }

  /** Writes a head; answers false when that head is there already. */
  putHead(number: number, text: string): Promise<boolean> {
    return this.#putNew(headKey(number), text, 'application/json');
  }

  async #read(key: string): Promise<SealedHead> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    const text = (await Body?.transformToString()) ?? '';
    return { head: readHead(text).head, sha256: sha256(text) };
  }

  async #putNew(key: string, body: string, type: string): Promise<boolean> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: Buffer.from(body),
      ContentType: type,
      IfNoneMatch: '*',
    });
    try {
      await this.#s3.send(command);
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') return false;
      throw error;
    }
  }
}
