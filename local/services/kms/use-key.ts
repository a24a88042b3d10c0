import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, type Call, operation } from '../../world/service.ts';
import { checkKeyUsage, encryptionContext, findKey, keyAccess, usable } from './access.ts';
import { keyOf, open, seal } from './cipher.ts';
import { refuseDryRun } from './dry-run.ts';
import type { Key } from './tables.ts';

const blob = z.string().transform((text) => Buffer.from(text, 'base64'));
const context = z.record(z.string(), z.string()).optional();
const algorithm = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT');
const DryRun = z.boolean().optional();

type Asking = Omit<Call, 'cause'>;

const using = (action: string, { world }: Asking, key: Key, bound: Record<string, string> | undefined): Access =>
  keyAccess(world, action, key, undefined, {
    ...encryptionContext(bound),
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
  });

function symmetric(call: Asking, keyId: string, operation: string): Key {
  const key = findKey(call.world, keyId, call);
  checkKeyUsage(key, operation, 'ENCRYPT_DECRYPT');
  return key;
}

/** The key that made a ciphertext. Throws IncorrectKeyException when the call names another one. */
function sealing(call: Asking, sealed: Buffer, named: string | undefined): Key {
  const key = usable(keyOf(call.world, sealed));
  if (named !== undefined && findKey(call.world, named, call).arn !== key.arn)
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  return key;
}

/** Encrypts up to 4 KiB under a key. */
export const encrypt = operation({
  input: z.object({
    KeyId: z.string(),
    Plaintext: blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 4096, 'must be 1 to 4096 bytes'),
    EncryptionContext: context,
    EncryptionAlgorithm: algorithm,
    DryRun,
  }),
  access: ({ KeyId, EncryptionContext }, call) => [
    using('Encrypt', call, findKey(call.world, KeyId, call), EncryptionContext),
  ],
  run: ({ KeyId, Plaintext, EncryptionContext, EncryptionAlgorithm, DryRun: dryRun }, call) => {
    const key = symmetric(call, KeyId, 'Encrypt');
    refuseDryRun(dryRun);
    return {
      CiphertextBlob: seal(call.world, key, Plaintext, EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm,
    };
  },
});

/** Decrypts what Encrypt or GenerateDataKey made, with the same encryption context. */
export const decrypt = operation({
  input: z.object({
    CiphertextBlob: blob,
    KeyId: z.string().optional(),
    EncryptionContext: context,
    EncryptionAlgorithm: algorithm,
    DryRun,
  }),
  access: ({ CiphertextBlob, KeyId, EncryptionContext }, call) => [
    using('Decrypt', call, sealing(call, CiphertextBlob, KeyId), EncryptionContext),
  ],
  run: ({ CiphertextBlob, KeyId, EncryptionContext, EncryptionAlgorithm, DryRun: dryRun }, call) => {
    const key = sealing(call, CiphertextBlob, KeyId);
    const Plaintext = open(key, CiphertextBlob, EncryptionContext);
    refuseDryRun(dryRun);
    return { Plaintext, KeyId: key.arn, EncryptionAlgorithm };
  },
});

/** Decrypts under one key and encrypts under another, without showing the plaintext. */
export const reEncrypt = operation({
  input: z.object({
    CiphertextBlob: blob,
    SourceKeyId: z.string().optional(),
    SourceEncryptionContext: context,
    DestinationKeyId: z.string(),
    DestinationEncryptionContext: context,
    DryRun,
  }),
  access: (input, call) => {
    const source = sealing(call, input.CiphertextBlob, input.SourceKeyId);
    const destination = findKey(call.world, input.DestinationKeyId, call);
    const same = { 'kms:ReEncryptOnSameKey': String(source.arn === destination.arn) };
    const from = using('ReEncryptFrom', call, source, input.SourceEncryptionContext);
    const to = using('ReEncryptTo', call, destination, input.DestinationEncryptionContext);
    return [from, to].map((access) => ({ ...access, context: { ...access.context, ...same } }));
  },
  run: (input, call) => {
    const source = sealing(call, input.CiphertextBlob, input.SourceKeyId);
    const destination = symmetric(call, input.DestinationKeyId, 'ReEncrypt');
    const plaintext = open(source, input.CiphertextBlob, input.SourceEncryptionContext);
    refuseDryRun(input.DryRun);
    return {
      CiphertextBlob: seal(call.world, destination, plaintext, input.DestinationEncryptionContext),
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
});

const dataKey = z
  .object({
    KeyId: z.string(),
    KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
    NumberOfBytes: z.number().int().min(1).max(1024).optional(),
    EncryptionContext: context,
    DryRun,
  })
  .refine(
    ({ KeySpec, NumberOfBytes }) => (KeySpec === undefined) !== (NumberOfBytes === undefined),
    'Please specify either number of bytes or key spec.',
  );

function newDataKey(call: Call, operation: string, input: z.output<typeof dataKey>) {
  const key = symmetric(call, input.KeyId, operation);
  refuseDryRun(input.DryRun);
  const bytes = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
  const plaintext = Buffer.from(call.world.chance.hex(2 * bytes), 'hex');
  return { plaintext, CiphertextBlob: seal(call.world, key, plaintext, input.EncryptionContext), KeyId: key.arn };
}

/** A data key, plain and sealed. */
export const generateDataKey = operation({
  input: dataKey,
  access: ({ KeyId, EncryptionContext }, call) => [
    using('GenerateDataKey', call, findKey(call.world, KeyId, call), EncryptionContext),
  ],
  run: (input, call) => {
    const { plaintext, ...sealed } = newDataKey(call, 'GenerateDataKey', input);
    return { Plaintext: plaintext, ...sealed };
  },
});

/** A data key, sealed only. */
export const generateDataKeyWithoutPlaintext = operation({
  input: dataKey,
  access: ({ KeyId, EncryptionContext }, call) => [
    using('GenerateDataKeyWithoutPlaintext', call, findKey(call.world, KeyId, call), EncryptionContext),
  ],
  run: (input, call) => {
    const { plaintext: _unseen, ...sealed } = newDataKey(call, 'GenerateDataKeyWithoutPlaintext', input);
    return sealed;
  },
});

/** Random bytes; equal seeds of the world give equal ones. */
export const generateRandom = operation({
  input: z.object({ NumberOfBytes: z.number().int().min(1).max(1024) }),
  access: () => [{ action: 'kms:GenerateRandom', resource: '*' }],
  run: ({ NumberOfBytes }, { world }) => ({ Plaintext: Buffer.from(world.chance.hex(2 * NumberOfBytes), 'hex') }),
});
