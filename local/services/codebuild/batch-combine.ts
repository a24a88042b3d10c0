import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { unzip } from '../../world/zip.ts';
import { partPlace } from './batch-outputs.ts';
import type { BuildBatch } from './batch-tables.ts';
import { assumeBuildRole, type RoleCall, roleCall } from './role-call.ts';
import { builds, type OutputPlace } from './tables.ts';
import { zipArtifact } from './zip-artifact.ts';

/**
 * Makes one zip of the primary artifacts of the builds that succeeded, as the project's role. Files of one name: AWS does not say which stays, here the later
 * build's in the batchspec's order.
 */
export async function combineArtifacts(world: World, batch: BuildBatch, directory: string): Promise<void> {
  const { template, groups } = batch;
  const callAs = roleCall(world, template, await assumeBuildRole(world, template));
  const into = join(directory, 'combined');
  await mkdir(into, { recursive: true });
  for (const { identifier, current } of groups) {
    if (world.store.in(builds).get(current ?? '')?.status !== 'SUCCEEDED') continue;
    const part = await read(callAs, partPlace(batch, identifier));
    if (part !== undefined) await unzip(part, into);
  }
  const Body = await zipArtifact(into, {
    files: ['**/*'],
    excludePaths: [],
    discardPaths: false,
    enableSymlinks: false,
  });
  const { bucket, key } = template.outputs[0] as OutputPlace;
  const encryption =
    template.keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: template.keyArn };
  await callAs('s3', 'PutObject', { Bucket: bucket, Key: key, Body, ContentType: 'application/zip', ...encryption });
}

/** A build whose buildspec declares no artifact has left none. */
async function read(callAs: RoleCall, { bucket, key }: { bucket: string; key: string }): Promise<Buffer | undefined> {
  try {
    return (await callAs<{ Body: Buffer }>('s3', 'GetObject', { Bucket: bucket, Key: key })).Body;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey') return undefined;
    throw error;
  }
}
