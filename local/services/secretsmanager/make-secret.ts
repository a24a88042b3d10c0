import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findSecret } from './find.ts';
import { type Secret, type SecretVersion, secrets } from './tables.ts';
import { withVersion } from './versions.ts';

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes a secret, with a first version when a value is given. Throws ResourceExistsException and InvalidRequestException. */
export function makeSecret(
  world: World,
  { account, region }: Place,
  wanted: Pick<Secret, 'name' | 'tags'> & { readonly description?: string; readonly kmsKeyId?: string },
  value: SecretVersion['value'] | undefined,
  versionId: string = world.chance.uuid(),
): Secret {
  const known = findSecret(world, wanted.name, { account, region });
  if (known?.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (known !== undefined)
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${wanted.name} already exists.`,
    );
  const createdAt = world.clock.date().toISOString();
  const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${wanted.name}-${world.chance.text(6, suffixAlphabet)}`;
  const empty: Secret = { ...wanted, arn, account, region, versions: [], createdAt, changedAt: createdAt };
  const secret =
    value === undefined ? empty : withVersion(empty, { id: versionId, stages: ['AWSCURRENT'], value, createdAt });
  world.store.in(secrets).put(arn, secret);
  return secret;
}
