import { constants, createHash, createPublicKey, createSign, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ellipticKey, signDigest, verifyDigest } from '../../local/services/kms/elliptic.ts';
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from '../../local/services/kms/rsa.ts';
import { allowing, type IdentityWorld, identityWorld, policyOf } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

const kms = <Answer = Record<string, unknown>>(operation: string, input: object = {}) =>
  cloud.ask<Answer>('kms', operation, input);
const newKey = async (more: object = {}): Promise<string> => {
  const { KeyMetadata } = await kms<{ KeyMetadata: { Arn: string } }>('CreateKey', more);
  return KeyMetadata.Arn;
};
const text = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');

test.for<[string, string, string]>([
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PSS_SHA_512', 'sha512'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
])(
  'what a key of %s signs with %s, as message or as digest, others verify',
  async ([KeySpec, SigningAlgorithm, hash]) => {
    const KeyId = await newKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
    const { PublicKey } = await kms<{ PublicKey: Buffer }>('GetPublicKey', { KeyId });
    const key = createPublicKey({ key: PublicKey, format: 'der', type: 'spki' });
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
    const judge = SigningAlgorithm.includes('PSS') ? { key, padding, saltLength } : key;

    for (const MessageType of ['RAW', 'DIGEST']) {
      const message = MessageType === 'RAW' ? Buffer.from('merge') : createHash(hash).update('merge').digest();
      const asked = { KeyId, Message: text(message), MessageType, SigningAlgorithm };
      const { Signature } = await kms<{ Signature: Buffer }>('Sign', asked);

      expect(verify(hash, Buffer.from('merge'), judge, Signature)).toBe(true);
      expect(await kms('Verify', { ...asked, Signature: text(Signature) })).toMatchObject({ SignatureValid: true });
      await expect(
        kms('Verify', { ...asked, Message: text(message.map((byte) => byte ^ 1)), Signature: text(Signature) }),
      ).rejects.toMatchObject({ code: 'KMSInvalidSignatureException' });
    }
  },
);

test('a signature of P-256 is the one that RFC 6979 gives', () => {
  // Source: RFC 6979, A.2.5, message "sample" with SHA-256.
  const secret = 0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n;
  const signature = signDigest(
    'ECC_NIST_P256',
    ellipticKey('ECC_NIST_P256', secret - 1n),
    createHash('sha256').update('sample').digest(),
  );

  expect(signature.toString('hex')).toContain('efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716');
  expect(signature.toString('hex')).toContain('f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8');
});

test('our signatures and those of OpenSSL verify each other, and changed ones do not', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 300n), fc.uint8Array(), fc.nat(), (seed, message, at) => {
      const key = ellipticKey('ECC_NIST_P256', seed);
      const open = createPublicKey(key);
      const digest = createHash('sha256').update(message).digest();
      const ours = signDigest('ECC_NIST_P256', key, digest);
      const theirs = createSign('sha256').update(message).sign(key);
      const changed = Buffer.from(theirs);
      changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ 1;

      expect(verify('sha256', message, open, ours)).toBe(true);
      expect(verifyDigest('ECC_NIST_P256', open, digest, theirs)).toBe(true);
      expect(verifyDigest('ECC_NIST_P256', open, digest, changed)).toBe(false);
      const pss = signPss(rsa.privateKey, 'sha256', digest, Buffer.alloc(32, at));
      expect(verifyPss(rsa.publicKey, 'sha256', digest, pss)).toBe(true);
      expect(verifyPss(rsa.publicKey, 'sha256', digest, changed)).toBe(false);
      expect(verifyPkcs1(rsa.publicKey, 'sha256', digest, signPkcs1(rsa.privateKey, 'sha256', digest))).toBe(true);
      expect(verifyPkcs1(rsa.publicKey, 'sha256', digest, pss)).toBe(false);
    }),
    { numRuns: 25 },
  );
});

test('a ciphertext opens with its own encryption context only, and under its own key', async () => {
  const [one, other] = [await newKey(), await newKey()];
  const EncryptionContext = { pipeline: 'orders', stage: 'dev' };
  const { CiphertextBlob } = await kms<{ CiphertextBlob: Buffer }>('Encrypt', {
    KeyId: one,
    Plaintext: text('secret'),
    EncryptionContext,
  });
  const sealed = { CiphertextBlob: text(CiphertextBlob) };

  expect(await kms('Decrypt', { ...sealed, EncryptionContext: { stage: 'dev', pipeline: 'orders' } })).toMatchObject({
    Plaintext: Buffer.from('secret'),
    KeyId: one,
  });
  await expect(kms('Decrypt', sealed)).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
  await expect(kms('Decrypt', { ...sealed, EncryptionContext, KeyId: other })).rejects.toMatchObject({
    code: 'IncorrectKeyException',
  });

  const again = await kms<{ CiphertextBlob: Buffer }>('ReEncrypt', {
    ...sealed,
    SourceEncryptionContext: EncryptionContext,
    DestinationKeyId: other,
  });
  expect(again).toMatchObject({ SourceKeyId: one, KeyId: other });
  expect(await kms('Decrypt', { CiphertextBlob: text(again.CiphertextBlob) })).toMatchObject({
    Plaintext: Buffer.from('secret'),
  });
});

test('the encryption context is a condition that policies can ask for', async () => {
  const KeyId = await newKey();
  const Condition = { StringEquals: { 'kms:EncryptionContext:stage': 'dev' } };
  const session = await cloud.session(
    await cloud.role('sealer', allowing('kms:GenerateDataKey*', KeyId, { Condition })),
  );
  const ask = (stage: string) =>
    cloud.as(session)('kms', 'GenerateDataKeyWithoutPlaintext', {
      KeyId,
      KeySpec: 'AES_256',
      EncryptionContext: { stage },
    });

  expect(Object.keys(await ask('dev'))).toEqual(['CiphertextBlob', 'KeyId']);
  await expect(ask('prod')).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('a key is used only while it is enabled, and ends after its waiting time', async () => {
  const KeyId = await newKey();
  const use = () => kms('Encrypt', { KeyId, Plaintext: text('x') });
  await kms('DisableKey', { KeyId });
  await expect(use()).rejects.toMatchObject({ code: 'DisabledException', message: `${KeyId} is disabled.` });
  await kms('EnableKey', { KeyId });
  await use();

  expect(await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })).toMatchObject({
    KeyState: 'PendingDeletion',
  });
  await expect(use()).rejects.toMatchObject({
    code: 'KMSInvalidStateException',
    message: `${KeyId} is pending deletion.`,
  });
  await expect(kms('EnableKey', { KeyId })).rejects.toMatchObject({ code: 'KMSInvalidStateException' });
  await kms('CancelKeyDeletion', { KeyId });
  expect(await kms('DescribeKey', { KeyId })).toMatchObject({ KeyMetadata: { KeyState: 'Disabled', Enabled: false } });
  await expect(kms('CancelKeyDeletion', { KeyId })).rejects.toThrow('is not pending deletion.');

  await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await cloud.world.clock.advance(8 * 86_400_000);
  await expect(kms('DescribeKey', { KeyId })).rejects.toMatchObject({ code: 'NotFoundException' });
});

test('a key’s policy is read as it was put, and cannot lock its owner out by mistake', async () => {
  const KeyId = await newKey({ Tags: [{ TagKey: 'team', TagValue: 'orders' }] });
  const account = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'kms:*', Resource: '*' };
  const Policy = ` ${policyOf(account)}`;
  await kms('PutKeyPolicy', { KeyId, Policy });

  expect(await kms('GetKeyPolicy', { KeyId })).toEqual({ Policy, PolicyName: 'default' });
  const put = (statement: object, more: object = {}) =>
    kms('PutKeyPolicy', { KeyId, Policy: policyOf(statement), ...more });
  await expect(put({ ...account, Principal: { AWS: '333333333333' } })).rejects.toMatchObject({
    code: 'MalformedPolicyDocumentException',
    message: 'The new key policy will not allow you to update the key policy in the future.',
  });
  await expect(put({ ...account, Principal: { AWS: 'arn:aws:iam::222222222222:role/none' } })).rejects.toThrow(
    'Policy contains a statement with one or more invalid principals.',
  );
  await put({ ...account, Principal: { AWS: '333333333333' } }, { BypassPolicyLockoutSafetyCheck: true });
  expect(await kms('ListGrants', { KeyId }).catch((error: { code: string }) => error.code)).toBe(
    'AccessDeniedException',
  );
});

test('names lead to keys, one list at a time', async () => {
  const KeyId = await newKey();
  for (const name of ['alias/a', 'alias/b']) await kms('CreateAlias', { AliasName: name, TargetKeyId: KeyId });
  const first = await kms<{ NextMarker: string }>('ListAliases', { KeyId, Limit: 1 });

  expect(first).toMatchObject({ Truncated: true, Aliases: [{ AliasName: 'alias/a' }] });
  expect(await kms('ListAliases', { KeyId, Limit: 1, Marker: first.NextMarker })).toMatchObject({
    Truncated: false,
    Aliases: [{ AliasName: 'alias/b' }],
  });
  await kms('DeleteAlias', { AliasName: 'alias/a' });
  await expect(kms('DescribeKey', { KeyId: 'alias/a' })).rejects.toThrow(
    'Alias arn:aws:kms:eu-west-1:222222222222:alias/a is not found.',
  );
  expect(await kms('ListKeys', { Limit: 1 })).toMatchObject({ Truncated: true });
});

test.for<[string, object, string]>([
  ['Sign', { Message: text('x'), SigningAlgorithm: 'ECDSA_SHA_256' }, 'InvalidKeyUsageException'],
  ['GetPublicKey', {}, 'UnsupportedOperationException'],
  ['GenerateDataKey', {}, 'ValidationException'],
  ['GenerateDataKey', { KeySpec: 'AES_256', DryRun: true }, 'DryRunOperationException'],
  ['ListGrants', { Marker: 'nonsense' }, 'InvalidMarkerException'],
  ['CreateAlias', { AliasName: 'alias/aws/mine', TargetKeyId: 'alias/refusals' }, 'InvalidAliasNameException'],
  ['CreateAlias', { AliasName: 'alias/refusals', TargetKeyId: 'alias/refusals' }, 'AlreadyExistsException'],
  ['CreateKey', { KeySpec: 'ECC_NIST_P256' }, 'ValidationException'],
  ['CreateKey', { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }, 'UnsupportedOperationException'],
  ['Decrypt', { CiphertextBlob: text('nonsense') }, 'InvalidCiphertextException'],
])('%s with %j is refused as %s', async ([operation, input, code]) => {
  await kms('DescribeKey', { KeyId: 'alias/refusals' }).catch(async () =>
    kms('CreateAlias', { AliasName: 'alias/refusals', TargetKeyId: await newKey() }),
  );
  const KeyId = operation === 'Decrypt' ? {} : { KeyId: 'alias/refusals' };

  await expect(kms(operation, { ...KeyId, ...input })).rejects.toMatchObject({ code });
});

test('a digest must be as long as its algorithm’s', async () => {
  const KeyId = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const sign = (more: object) => kms('Sign', { KeyId, Message: text('x'), SigningAlgorithm: 'ECDSA_SHA_256', ...more });

  await expect(sign({ MessageType: 'DIGEST' })).rejects.toThrow(
    'Digest is invalid length for algorithm ECDSA_SHA_256.',
  );
  await expect(sign({ SigningAlgorithm: 'ECDSA_SHA_384' })).rejects.toMatchObject({ code: 'InvalidKeyUsageException' });
});
