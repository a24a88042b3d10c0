import { AwsError } from '../../world/failure.ts';
import type { Access, Call, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { encryptionContext, findKey, keyAccess } from '../kms/access.ts';
import { type Secret, secrets } from './tables.ts';

type Asking = Omit<Call, 'cause'>;

/** A secret by name, ARN, or ARN without its last six characters; also one that waits for its end. */
export function findSecret(world: World, secretId: string, { account, region }: Place): Secret | undefined {
  const table = world.store.in(secrets);
  const arn = secretId.startsWith('arn:') ? secretId : `arn:aws:secretsmanager:${region}:${account}:secret:${secretId}`;
  const found = table.get(arn) ?? table.where((row) => row.arn.slice(0, -7) === arn)[0];
  if (found?.deletedAt === undefined || found.deletedAt > world.clock.now()) return found;
  table.delete(found.arn);
  return undefined;
}

/** Throws ResourceNotFoundException. */
export function anySecret(call: Asking, secretId: string): Secret {
  const secret = findSecret(call.world, secretId, call);
  if (secret === undefined)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return secret;
}

/** The same for what cannot be done to a secret that waits for its end. Throws InvalidRequestException. */
export function requireSecret(call: Asking, secretId: string): Secret {
  const secret = anySecret(call, secretId);
  if (secret.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** The question for an action on a secret; one that does not exist is asked about by its name, so that a refusal does not tell. */
export function secretAccess(action: string, call: Asking, secretId: string, context: Access['context'] = {}): Access {
  const secret = findSecret(call.world, secretId, call);
  const named = secretId.startsWith('arn:')
    ? secretId
    : `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${secretId}`;
  if (secret === undefined) return { action: `secretsmanager:${action}`, resource: named, context };
  return {
    action: `secretsmanager:${action}`,
    resource: secret.arn,
    owner: secret.account,
    context: {
      'secretsmanager:SecretId': secretId,
      'secretsmanager:Name': secret.name,
      ...Object.fromEntries(
        Object.entries(secret.tags).flatMap(([key, value]) => [
          [`aws:ResourceTag/${key}`, value],
          [`secretsmanager:ResourceTag/${key}`, value],
        ]),
      ),
      ...context,
    },
    ...(secret.policy === undefined
      ? {}
      : { policy: { name: `the policy of secret ${secret.name}`, document: secret.policy } }),
  };
}

/** The questions to the secret's own key, when it is a customer's. */
export function secretKeyAccesses(
  world: World,
  actions: readonly string[],
  secret: Pick<Secret, 'arn' | 'account' | 'region' | 'kmsKeyId'>,
  versionId: string | undefined,
): readonly Access[] {
  if (secret.kmsKeyId === undefined) return [];
  const key = findKey(world, secret.kmsKeyId, secret);
  const bound: Record<string, string> =
    versionId === undefined ? {} : { SecretARN: secret.arn, SecretVersionId: versionId };
  return actions.map((action) => keyAccess(world, action, key, 'secretsmanager', encryptionContext(bound)));
}
