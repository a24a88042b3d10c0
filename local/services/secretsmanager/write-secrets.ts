import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { anySecret, findSecret, requireSecret, secretAccess, secretKeyAccesses } from './find.ts';
import { makeSecret } from './make-secret.ts';
import { type Secret, secrets } from './tables.ts';
import { valueOf, withStage, withVersion } from './versions.ts';

const day = 86_400_000;
const SecretId = z.string().min(1).max(2048);
const ClientRequestToken = z.string().min(32).max(64).optional();
const value = {
  SecretString: z.string().optional(),
  SecretBinary: z
    .string()
    .transform((text) => Buffer.from(text, 'base64'))
    .optional(),
};
const tags = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(50);
const byKey = (list: z.output<typeof tags>) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
const tagContext = (list: z.output<typeof tags>): Record<string, string | string[]> =>
  list.length === 0
    ? {}
    : {
        'aws:TagKeys': list.map(({ Key }) => Key),
        ...Object.fromEntries(list.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
      };

const store = (call: Call, secret: Secret): Secret => {
  call.world.store.in(secrets).put(secret.arn, secret);
  return secret;
};
const now = ({ world }: Call): string => world.clock.date().toISOString();

/** Makes a secret. A retry with the same ClientRequestToken and value answers the same. */
export const createSecret = operation({
  simplified: 'Replicas in other regions are refused by name.',
  input: z.object({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'must be 1 to 512 characters of [\\w/+=.@-]'),
    ClientRequestToken,
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().optional(),
    AddReplicaRegions: z.array(z.never('replicas are not played by the local cloud')).optional(),
    Tags: tags.default([]),
    ...value,
  }),
  access: ({ Name, KmsKeyId, Tags }, call) => {
    const { account, region } = call;
    const context = { 'secretsmanager:Name': Name, ...tagContext(Tags) };
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${Name}`;
    return [
      { action: 'secretsmanager:CreateSecret', resource: arn, context },
      ...(Tags.length === 0 ? [] : [{ action: 'secretsmanager:TagResource', resource: arn, context }]),
      ...keyed(call, KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    ];
  },
  run: ({ Name, ClientRequestToken: token, Description, KmsKeyId, Tags, ...given }, call) => {
    const wanted = valueOf(given);
    const known = findSecret(call.world, Name, call);
    const retried = known?.versions.some(({ id }) => id === token) ? known : undefined;
    const secret =
      retried !== undefined && wanted !== undefined && token !== undefined
        ? withVersion(retried, { id: token, stages: [], value: wanted, createdAt: now(call) })
        : makeSecret(
            call.world,
            call,
            {
              name: Name,
              tags: byKey(Tags),
              ...(Description === undefined ? {} : { description: Description }),
              ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
            },
            wanted,
            token,
          );
    return { ...named(secret), ...(wanted === undefined ? {} : { VersionId: secret.versions.at(-1)?.id }) };
  },
});

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

const keyed = (
  call: Omit<Call, 'cause'>,
  { kmsKeyId, arn = '' }: { readonly kmsKeyId?: string; readonly arn?: string },
) =>
  secretKeyAccesses(
    call.world,
    ['GenerateDataKey', 'Decrypt'],
    { arn, account: call.account, region: call.region, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) },
    undefined,
  );

/** A new version; it becomes the current one unless other stages are named. */
export const putSecretValue = operation({
  input: z.object({
    SecretId,
    ClientRequestToken,
    VersionStages: z.array(z.string()).min(1).max(20).optional(),
    ...value,
  }),
  access: (input, call) => [
    secretAccess('PutSecretValue', call, input.SecretId),
    ...keyed(call, findSecret(call.world, input.SecretId, call) ?? {}),
  ],
  run: ({ SecretId: secretId, ClientRequestToken: token, VersionStages, ...given }, call) => {
    const wanted = valueOf(given);
    if (wanted === undefined)
      throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    const id = token ?? call.world.chance.uuid();
    const version = { id, stages: VersionStages ?? ['AWSCURRENT'], value: wanted, createdAt: now(call) };
    const secret = store(call, withVersion(requireSecret(call, secretId), version));
    return { ...named(secret), VersionId: id, VersionStages: secret.versions.find((each) => each.id === id)?.stages };
  },
});

/** A new description, key or value. */
export const updateSecret = operation({
  input: z.object({
    SecretId,
    ClientRequestToken,
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().optional(),
    ...value,
  }),
  access: (input, call) => {
    const kmsKeyId = input.KmsKeyId ?? findSecret(call.world, input.SecretId, call)?.kmsKeyId;
    return [
      secretAccess('UpdateSecret', call, input.SecretId),
      ...keyed(call, kmsKeyId === undefined ? {} : { kmsKeyId }),
    ];
  },
  run: ({ SecretId: secretId, ClientRequestToken: token, Description, KmsKeyId, ...given }, call) => {
    const wanted = valueOf(given);
    const id = token ?? call.world.chance.uuid();
    const described = {
      ...requireSecret(call, secretId),
      ...(Description === undefined ? {} : { description: Description }),
      ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
      changedAt: now(call),
    };
    const secret =
      wanted === undefined
        ? described
        : withVersion(described, { id, stages: ['AWSCURRENT'], value: wanted, createdAt: now(call) });
    return { ...named(store(call, secret)), ...(wanted === undefined ? {} : { VersionId: id }) };
  },
});

/** Ends a secret after 7 to 30 days, or at once; until then it can be restored, and its value is read by nobody. */
export const deleteSecret = operation({
  input: z.object({
    SecretId,
    RecoveryWindowInDays: z.number().int().min(7).max(30).optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  }),
  access: (input, call) => [
    secretAccess('DeleteSecret', call, input.SecretId, {
      'secretsmanager:ForceDeleteWithoutRecovery': String(input.ForceDeleteWithoutRecovery ?? false),
      ...(input.RecoveryWindowInDays === undefined
        ? {}
        : { 'secretsmanager:RecoveryWindowInDays': String(input.RecoveryWindowInDays) }),
    }),
  ],
  run: ({ RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force, ...input }, call) => {
    if (force && days !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    const secret = force ? anySecret(call, input.SecretId) : requireSecret(call, input.SecretId);
    const deletedAt = call.world.clock.now() + (force ? 0 : (days ?? 30) * day);
    if (force) call.world.store.in(secrets).delete(secret.arn);
    else store(call, { ...secret, deletedAt, deletionAskedAt: now(call) });
    return { ...named(secret), DeletionDate: new Date(deletedAt) };
  },
});

/** Calls a deletion off. */
export const restoreSecret = operation({
  input: z.object({ SecretId }),
  access: (input, call) => [secretAccess('RestoreSecret', call, input.SecretId)],
  run: (input, call) => {
    const { deletedAt: _ended, deletionAskedAt: _asked, ...secret } = anySecret(call, input.SecretId);
    return named(store(call, secret));
  },
});

/** Moves a stage from one version to another, or takes it away. */
export const updateSecretVersionStage = operation({
  input: z.object({
    SecretId,
    VersionStage: z.string().min(1).max(256),
    RemoveFromVersionId: z.string().optional(),
    MoveToVersionId: z.string().optional(),
  }),
  access: (input, call) => [
    secretAccess('UpdateSecretVersionStage', call, input.SecretId, {
      'secretsmanager:VersionStage': input.VersionStage,
    }),
  ],
  run: ({ VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to, ...input }, call) => {
    const secret = requireSecret(call, input.SecretId);
    const holder = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
    if (holder !== undefined && holder !== from && holder !== to)
      throw new AwsError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (to === undefined && stage === 'AWSCURRENT')
      throw new AwsError(
        'InvalidParameterException',
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      );
    if (to !== undefined && !secret.versions.some(({ id }) => id === to))
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${to}`,
      );
    return named(store(call, withStage(secret, stage, to)));
  },
});

/** Puts tags on a secret; others stay. */
export const tagResource = operation({
  input: z.object({ SecretId, Tags: tags }),
  access: (input, call) => [secretAccess('TagResource', call, input.SecretId, tagContext(input.Tags))],
  run: (input, call) => {
    const secret = requireSecret(call, input.SecretId);
    store(call, { ...secret, tags: { ...secret.tags, ...byKey(input.Tags) } });
    return {};
  },
});

/** Takes tags off a secret. */
export const untagResource = operation({
  input: z.object({ SecretId, TagKeys: z.array(z.string()) }),
  access: (input, call) => [secretAccess('UntagResource', call, input.SecretId, { 'aws:TagKeys': input.TagKeys })],
  run: ({ TagKeys, ...input }, call) => {
    const secret = requireSecret(call, input.SecretId);
    const kept = Object.entries(secret.tags).filter(([key]) => !TagKeys.includes(key));
    store(call, { ...secret, tags: Object.fromEntries(kept) });
    return {};
  },
});
