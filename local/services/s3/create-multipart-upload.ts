import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { objectAccess } from './access.ts';
import { findBucket } from './find.ts';
import { describedObject, objectInput, shownEncryption, writeAccess } from './object-input.ts';
import { invalidRequest } from './refusals.ts';
import { sums } from './sums.ts';
import { type Upload, uploads } from './tables.ts';
import { endUpload, findUpload } from './uploads.ts';

const composite = ['SHA1', 'SHA256'];

/** Begins an upload in parts. The object is described now and comes to be with the completion. */
export const createMultipartUpload = operation({
  simplified: 'An upload that names no checksum has none, and its parts have those that they come with.',
  input: z.object({
    ...objectInput,
    ChecksumAlgorithm: z.string().optional(),
    ChecksumType: z.string().optional(),
  }),
  access: (wanted, { world }) => writeAccess(world, wanted),
  run: (wanted, { world }) => {
    const bucket = findBucket(world, wanted.Bucket);
    const described = describedObject(world, bucket, wanted);
    const checksum = checksumOf(wanted);
    const upload: Upload = {
      metadata: {},
      ...described,
      id: world.chance.hex(64),
      bucket: wanted.Bucket,
      startedAt: world.clock.now(),
      parts: new Map(),
      ...(checksum === undefined ? {} : { checksum }),
    };
    world.store.in(uploads).put(upload.id, upload);
    return {
      Bucket: wanted.Bucket,
      Key: wanted.Key,
      UploadId: upload.id,
      ...shownEncryption(upload),
      ...(checksum === undefined ? {} : { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    };
  },
});

function checksumOf(wanted: {
  ChecksumAlgorithm?: string | undefined;
  ChecksumType?: string | undefined;
}): Upload['checksum'] {
  const { ChecksumAlgorithm: algorithm, ChecksumType } = wanted;
  if (algorithm === undefined) {
    if (ChecksumType !== undefined)
      throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return undefined;
  }
  if (!Object.hasOwn(sums, algorithm))
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  const type = ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE')
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  const wrong = type === 'COMPOSITE' ? algorithm === 'CRC64NVME' : composite.includes(algorithm);
  if (wrong)
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, type };
}

/** Gives an upload up, with its parts. */
export const abortMultipartUpload = operation({
  input: z.object({ Bucket: z.string(), Key: z.string(), UploadId: z.string() }),
  access: ({ Bucket, Key }, { world }) => [objectAccess(world, 'AbortMultipartUpload', Bucket, Key)],
  run: async ({ Bucket, Key, UploadId }, { world }) => {
    await endUpload(world, findUpload(world, Bucket, Key, UploadId));
    return {};
  },
});
