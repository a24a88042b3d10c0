import { createCipheriv, createDecipheriv } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Operation, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findKey, keyAccess } from './access.ts';
import { type Key, keys } from './tables.ts';

const blob = z.string().transform((text) => Buffer.from(text, 'base64'));
const context = z.record(z.string(), z.string()).optional();

/** AES-256-GCM; the blob names its key, so that Decrypt needs no KeyId. The encryption context is authenticated. */
function seal(world: World, key: Key, plaintext: Buffer, bound: Record<string, string> | undefined): Buffer {
  const iv = Buffer.from(world.chance.hex(24), 'hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'hex'), iv);
  cipher.setAAD(boundText(bound));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const name = Buffer.from(key.arn);
  return Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), sealed]);
}

function open(key: Key, sealed: Buffer, bound: Record<string, string> | undefined): Buffer {
  const start = 1 + (sealed[0] ?? 0);
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(key.material, 'hex'),
      sealed.subarray(start, start + 12),
    );
    decipher.setAAD(boundText(bound));
    decipher.setAuthTag(sealed.subarray(start + 12, start + 28));
    return Buffer.concat([decipher.update(sealed.subarray(start + 28)), decipher.final()]);
  } catch {
    throw new AwsError('InvalidCiphertextException', '');
  }
}

const boundText = (bound: Record<string, string> | undefined) =>
  Buffer.from(JSON.stringify(Object.entries(bound ?? {}).sort()));

function keyOf(world: World, sealed: Buffer): Key {
  const key = world.store.in(keys).get(sealed.subarray(1, 1 + (sealed[0] ?? 0)).toString());
  if (key === undefined) throw new AwsError('InvalidCiphertextException', '');
  return key;
}

/** Encrypts up to 4 KiB under a key. */
export const encrypt: Operation = operation({
  input: z.object({
    KeyId: z.string(),
    Plaintext: blob.refine((bytes) => bytes.length <= 4096),
    EncryptionContext: context,
  }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'Encrypt', findKey(call.world, KeyId, call))],
  run: ({ KeyId, Plaintext, EncryptionContext }, call) => {
    const key = findKey(call.world, KeyId, call);
    return {
      CiphertextBlob: seal(call.world, key, Plaintext, EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
});

/** Decrypts what Encrypt or GenerateDataKey made. */
export const decrypt: Operation = operation({
  input: z.object({ CiphertextBlob: blob, KeyId: z.string().optional(), EncryptionContext: context }),
  access: ({ CiphertextBlob }, { world }) => [keyAccess(world, 'Decrypt', keyOf(world, CiphertextBlob))],
  run: ({ CiphertextBlob, EncryptionContext }, { world }) => {
    const key = keyOf(world, CiphertextBlob);
    return {
      Plaintext: open(key, CiphertextBlob, EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
});

/** A data key, plain and sealed. */
export const generateDataKey: Operation = operation({
  input: z.object({
    KeyId: z.string(),
    KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
    NumberOfBytes: z.number().max(1024).optional(),
    EncryptionContext: context,
  }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'GenerateDataKey', findKey(call.world, KeyId, call))],
  run: ({ KeyId, KeySpec, NumberOfBytes, EncryptionContext }, call) => {
    const key = findKey(call.world, KeyId, call);
    const plaintext = Buffer.from(
      call.world.chance.hex(2 * (NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32))),
      'hex',
    );
    return {
      Plaintext: plaintext,
      CiphertextBlob: seal(call.world, key, plaintext, EncryptionContext),
      KeyId: key.arn,
    };
  },
});
