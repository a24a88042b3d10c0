import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { curves, ellipticKey } from './elliptic.ts';

/** The kinds of keys that are played, with what they sign. Source: the KMS guide, "Key spec reference". */
export const keySpecs = {
  SYMMETRIC_DEFAULT: [],
  RSA_2048: rsaAlgorithms(),
  RSA_3072: rsaAlgorithms(),
  RSA_4096: rsaAlgorithms(),
  ECC_NIST_P256: ['ECDSA_SHA_256'],
  ECC_NIST_P384: ['ECDSA_SHA_384'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type KeySpec = keyof typeof keySpecs;

/** All specs, for schemas. */
export const specNames = Object.keys(keySpecs) as [KeySpec, ...KeySpec[]];

function rsaAlgorithms() {
  return [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ] as const;
}

/** What a key of a spec is for: here keys either encrypt (symmetric) or sign. */
export const usageOf = (spec: KeySpec): 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' =>
  spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY';

/** Refuses a usage that a spec does not have. KMS asks for the usage of every asymmetric key. */
export function checkUsage(spec: KeySpec, usage: string | undefined): void {
  if ((usage ?? 'ENCRYPT_DECRYPT') === usageOf(spec)) return;
  if (usage === undefined)
    throw new AwsError(
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    );
  if (usage === 'ENCRYPT_DECRYPT' && spec.startsWith('RSA_'))
    throw new AwsError(
      'UnsupportedOperationException',
      `${spec} keys for ENCRYPT_DECRYPT are not played by the local cloud; ask for SIGN_VERIFY`,
    );
  throw new AwsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
}

/**
 * New key material. Symmetric and elliptic keys follow from the world's seed; RSA keys come from OpenSSL, which takes no seed.
 */
export async function newMaterial(world: World, spec: KeySpec): Promise<string> {
  if (spec === 'SYMMETRIC_DEFAULT') return world.chance.hex(64);
  if (spec === 'ECC_NIST_P256' || spec === 'ECC_NIST_P384') {
    const secret = ellipticKey(spec, BigInt(`0x${world.chance.hex(curves[spec].bytes * 2 + 16)}`));
    return secret.export({ type: 'pkcs8', format: 'der' }).toString('hex');
  }
  const modulusLength = Number(spec.slice(4));
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength });
  return privateKey.export({ type: 'pkcs8', format: 'der' }).toString('hex');
}
