import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { type Key, keys } from './tables.ts';

/** AES-256-GCM; the blob names its key, so that Decrypt needs no KeyId. The encryption context is authenticated. */
export function seal(world: World, key: Key, plaintext: Buffer, bound: Record<string, string> | undefined): Buffer {
  const iv = Buffer.from(world.chance.hex(24), 'hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'hex'), iv);
  cipher.setAAD(boundText(bound));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const name = Buffer.from(key.arn);
  return Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), sealed]);
}

/** Opens what {@link seal} made, with the same encryption context. Throws InvalidCiphertextException. */
export function open(key: Key, sealed: Buffer, bound: Record<string, string> | undefined): Buffer {
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

/** The key that a sealed text names. Throws InvalidCiphertextException. */
export function keyOf(world: World, sealed: Buffer): Key {
  const key = world.store.in(keys).get(sealed.subarray(1, 1 + (sealed[0] ?? 0)).toString());
  if (key === undefined) throw new AwsError('InvalidCiphertextException', '');
  return key;
}
