import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { findBucket } from './find.ts';
import { removeFiles } from './store-object.ts';
import { type Part, type Upload, uploads } from './tables.ts';

/** An upload that is neither completed nor aborted. Throws NoSuchUpload. */
export function findUpload(world: World, bucket: string, key: string, id: string): Upload {
  findBucket(world, bucket);
  const upload = world.store.in(uploads).get(id);
  if (upload === undefined || upload.bucket !== bucket || upload.key !== key)
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: id },
    );
  return upload;
}

/** Keeps a part, instead of one of the same number. The file is deleted when the upload is over meanwhile. */
export async function keepPart(
  world: World,
  at: { bucket: string; key: string; id: string },
  part: Part,
): Promise<void> {
  try {
    const upload = findUpload(world, at.bucket, at.key, at.id);
    const replaced = upload.parts.get(part.number);
    world.store.in(uploads).put(at.id, { ...upload, parts: new Map(upload.parts).set(part.number, part) });
    if (replaced !== undefined) await removeFiles([replaced]);
  } catch (error) {
    await removeFiles([part]);
    throw error;
  }
}

/** Ends an upload and deletes its parts. */
export async function endUpload(world: World, upload: Upload): Promise<void> {
  const parts = world.store.in(uploads).get(upload.id)?.parts ?? upload.parts;
  world.store.in(uploads).delete(upload.id);
  await removeFiles([...parts.values()]);
}

/** The numbers of parts that AWS takes. */
export function checkPartNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400, {
      ArgumentName: 'partNumber',
      ArgumentValue: number,
    });
}
