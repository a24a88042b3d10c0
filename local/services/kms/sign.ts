import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { checkKeyUsage, findKey, keyAccess } from './access.ts';
import { refuseDryRun } from './dry-run.ts';
import { type CurveSpec, signDigest, verifyDigest } from './elliptic.ts';
import { keySpecs, usageOf } from './key-specs.ts';
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from './rsa.ts';
import type { Key } from './tables.ts';

const blob = z.string().transform((text) => Buffer.from(text, 'base64'));
const signing = z.object({
  KeyId: z.string(),
  Message: blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 4096, 'must be 1 to 4096 bytes'),
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.enum([...keySpecs.RSA_2048, ...keySpecs.ECC_NIST_P256, ...keySpecs.ECC_NIST_P384]),
  DryRun: z.boolean().optional(),
});

type Signing = z.output<typeof signing>;

/** The digest that a request is about, or why there is none. */
function digestOf(key: Key, operation: string, { Message, MessageType, SigningAlgorithm }: Signing): Buffer {
  checkKeyUsage(key, operation, 'SIGN_VERIFY');
  if (!(keySpecs[key.spec] as readonly string[]).includes(SigningAlgorithm))
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${SigningAlgorithm} and key spec ${key.spec} are incompatible.`,
    );
  const hash = hashOf(SigningAlgorithm);
  if (MessageType === 'RAW') return createHash(hash).update(Message).digest();
  if (Message.length * 8 !== Number(hash.slice(3)))
    throw new AwsError('ValidationException', `Digest is invalid length for algorithm ${SigningAlgorithm}.`);
  return Message;
}

/** `sha256` of `ECDSA_SHA_256`. */
const hashOf = (algorithm: string): string => `sha${algorithm.slice(-3)}`;

const privateKey = (key: Key): KeyObject =>
  createPrivateKey({ key: Buffer.from(key.material, 'hex'), format: 'der', type: 'pkcs8' });

function signature(world: World, key: Key, algorithm: string, digest: Buffer): Buffer {
  const secret = privateKey(key);
  if (algorithm.startsWith('ECDSA')) return signDigest(key.spec as CurveSpec, secret, digest);
  return algorithm.startsWith('RSASSA_PSS')
    ? signPss(secret, hashOf(algorithm), digest, Buffer.from(world.chance.hex(digest.length * 2), 'hex'))
    : signPkcs1(secret, hashOf(algorithm), digest);
}

function isSignature(key: Key, algorithm: string, digest: Buffer, given: Buffer): boolean {
  const open = createPublicKey(privateKey(key));
  if (algorithm.startsWith('ECDSA')) return verifyDigest(key.spec as CurveSpec, open, digest, given);
  return (algorithm.startsWith('RSASSA_PSS') ? verifyPss : verifyPkcs1)(open, hashOf(algorithm), digest, given);
}

const asked = (action: string, { MessageType, SigningAlgorithm }: Signing, world: World, key: Key) =>
  keyAccess(world, action, key, undefined, {
    'kms:MessageType': MessageType,
    'kms:SigningAlgorithm': SigningAlgorithm,
  });

/** Signs a message of up to 4,096 bytes or its digest with an asymmetric key. The signature is what any OpenSSL verifies. */
export const sign = operation({
  input: signing,
  access: (input, call) => [asked('Sign', input, call.world, findKey(call.world, input.KeyId, call))],
  run: (input, call) => {
    const key = findKey(call.world, input.KeyId, call);
    const digest = digestOf(key, 'Sign', input);
    refuseDryRun(input.DryRun);
    return {
      KeyId: key.arn,
      Signature: signature(call.world, key, input.SigningAlgorithm, digest),
      SigningAlgorithm: input.SigningAlgorithm,
    };
  },
});

/** Verifies a signature. Throws KMSInvalidSignatureException; `SignatureValid` is never false, as on AWS. */
export const verify = operation({
  input: signing.extend({ Signature: blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 6144) }),
  access: (input, call) => [asked('Verify', input, call.world, findKey(call.world, input.KeyId, call))],
  run: (input, call) => {
    const key = findKey(call.world, input.KeyId, call);
    const digest = digestOf(key, 'Verify', input);
    refuseDryRun(input.DryRun);
    if (!isSignature(key, input.SigningAlgorithm, digest, input.Signature))
      throw new AwsError('KMSInvalidSignatureException', '');
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
  },
});

/** The public half of an asymmetric key, as DER of X.509's SubjectPublicKeyInfo. */
export const getPublicKey = operation({
  input: z.object({ KeyId: z.string() }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'GetPublicKey', findKey(call.world, KeyId, call))],
  run: ({ KeyId }, call) => {
    const key = findKey(call.world, KeyId, call);
    if (key.spec === 'SYMMETRIC_DEFAULT')
      throw new AwsError(
        'UnsupportedOperationException',
        `GetPublicKey is not supported for symmetric encryption key ${key.arn}.`,
      );
    return {
      KeyId: key.arn,
      PublicKey: createPublicKey(privateKey(key)).export({ type: 'spki', format: 'der' }),
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      KeyUsage: usageOf(key.spec),
      SigningAlgorithms: keySpecs[key.spec],
    };
  },
});
