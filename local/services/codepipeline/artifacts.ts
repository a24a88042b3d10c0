import { call } from '../../world/call.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { ActionFailure } from './actions/action.ts';
import { change } from './change.ts';
import { type Execution, executions } from './tables.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Where a new artifact will lie: `<pipeline 20>/<artifact 10>/<random>` (facts 3.11). Written down at once. */
export function placeArtifact(world: World, executionId: string, name: string): { bucket: string; key: string } {
  const { pipeline, artifacts } = world.store.in(executions).get(executionId) as Execution;
  const place = {
    bucket: pipeline.bucket,
    key: `${pipeline.name.slice(0, 20)}/${name.slice(0, 10)}/${world.chance.text(7, alphabet)}`,
  };
  change(world, executionId, { artifacts: { ...artifacts, [name]: place } });
  return place;
}

/** Where an artifact lies. Throws ActionFailure when no earlier action made it. */
export function artifactPlaceOf(
  { artifacts }: Pick<Execution, 'artifacts'>,
  name: string,
): { readonly bucket: string; readonly key: string } {
  const place = artifacts[name];
  if (place === undefined)
    throw new ActionFailure('ConfigurationError', `input artifact ${name} was not made by an earlier action`);
  return place;
}

/** Stores an artifact as the acting principal, encrypted with the pipeline's key. */
export async function putArtifact(
  world: World,
  executionId: string,
  caller: Principal,
  name: string,
  content: Buffer,
): Promise<void> {
  const { bucket, key } = placeArtifact(world, executionId, name);
  const { pipeline, cause } = world.store.in(executions).get(executionId) as Execution;
  const encryption =
    pipeline.keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: pipeline.keyArn };
  const at = { account: 'account' in caller ? caller.account : pipeline.account, region: pipeline.region };
  await call(world, {
    ...at,
    caller,
    cause,
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: bucket, Key: key, Body: content, ContentType: 'application/zip', ...encryption },
  });
}

/** Reads an artifact as the acting principal. Throws ActionFailure when no earlier action made it. */
export async function getArtifact(world: World, executionId: string, caller: Principal, name: string): Promise<Buffer> {
  const { pipeline, cause, artifacts } = world.store.in(executions).get(executionId) as Execution;
  const place = artifactPlaceOf({ artifacts }, name);
  const at = { account: pipeline.account, region: pipeline.region };
  const { Body } = await call<{ Body: Buffer }>(world, {
    ...at,
    caller,
    cause,
    service: 's3',
    operation: 'GetObject',
    input: { Bucket: place.bucket, Key: place.key },
  });
  return Body;
}
