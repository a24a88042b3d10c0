import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { readSealedBucket } from '../../audit/seal/read-bucket.ts';
import { verifyTrail } from '../../audit/seal/verify.ts';
import { headKey } from '../../events/trail-seal.ts';
import { sealedTrailBucketName, sealerFunctionName, sealingKeyAlias } from '../../shared/names.ts';
import { playing } from './playing.ts';

test('what a merge left on the trail is sealed by the stack itself, and verified', async () => {
  const flow = await playing();
  const commitId = await flow.merge('dev');
  await flow.arrived('dev', commitId);
  await flow.cloud.clock.advance(2 * 3_600_000);
  const settings = flow.settings('devops');

  const { FunctionError } = await new LambdaClient(settings).send(
    new InvokeCommand({ FunctionName: sealerFunctionName, Payload: '{}' }),
  );
  const { PublicKey } = await new KMSClient(settings).send(new GetPublicKeyCommand({ KeyId: sealingKeyAlias }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const bucket = sealedTrailBucketName({ account: '111111111111', region: settings.region });
  const verdict = await verifyTrail(
    await readSealedBucket(new S3Client({ ...settings, forcePathStyle: true }), bucket),
    key,
  );

  expect(FunctionError).toBeUndefined();
  expect(verdict.damages).toEqual([]);
  expect(verdict.records).toBeGreaterThan(2);

  const forged = new SignCommand({
    KeyId: sealingKeyAlias,
    Message: Buffer.from('x'),
    SigningAlgorithm: 'ECDSA_SHA_256',
  });
  const hidden = new PutObjectCommand({ Bucket: bucket, Key: headKey(1), Body: 'forged' });
  const denied = { name: expect.stringMatching(/^AccessDenied/) as string };
  await expect(new KMSClient(settings).send(forged)).rejects.toMatchObject(denied);
  await expect(new S3Client({ ...settings, forcePathStyle: true }).send(hidden)).rejects.toMatchObject(denied);
});
