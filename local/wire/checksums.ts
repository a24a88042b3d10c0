import { createHash } from 'node:crypto';
import { sums } from '../services/s3/sums.ts';
import { AwsError } from '../world/failure.ts';

/** Refuses a body that is not the one whose checksum was sent, as a header or trailer. Throws BadDigest and InvalidDigest. */
export function checkChecksums(content: Buffer, sent: Readonly<Record<string, string>>): void {
  const md5 = sent['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16)
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    if (createHash('md5').update(content).digest('base64') !== md5)
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  for (const [name, begin] of Object.entries(sums)) {
    const expected = sent[`x-amz-checksum-${name.toLowerCase()}`];
    if (expected === undefined) continue;
    const sum = begin();
    sum.update(content);
    if (expected !== sum.value())
      throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
  }
}
