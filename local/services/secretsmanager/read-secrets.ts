import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { anySecret, findSecret, requireSecret, secretAccess, secretKeyAccesses } from './find.ts';
import { type Secret, secrets } from './tables.ts';
import { requireVersion } from './versions.ts';

const SecretId = z.string().min(1).max(2048);
const paged = { MaxResults: z.number().int().min(1).max(100).default(100), NextToken: z.string().optional() };

/**
 * The value of a version. Decided by IAM, by the secret's own policy, and by its key, which the caller must be allowed to use through Secrets
 * Manager. Another account gets only what a customer key encrypts.
 */
export const getSecretValue = operation({
  input: z.object({ SecretId, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
  access: (input, call) => {
    const secret = findSecret(call.world, input.SecretId, call);
    const context = {
      ...(input.VersionId === undefined ? {} : { 'secretsmanager:VersionId': input.VersionId }),
      'secretsmanager:VersionStage': input.VersionStage ?? 'AWSCURRENT',
    };
    const version = secret?.versions.find(({ id, stages }) =>
      input.VersionId === undefined ? stages.includes(input.VersionStage ?? 'AWSCURRENT') : id === input.VersionId,
    );
    return [
      secretAccess('GetSecretValue', call, input.SecretId, context),
      ...(secret === undefined || version === undefined
        ? []
        : secretKeyAccesses(call.world, ['Decrypt'], secret, version.id)),
    ];
  },
  run: (input, call) => {
    const secret = requireSecret(call, input.SecretId);
    const version = requireVersion(secret, input);
    if (secret.account !== call.account && secret.kmsKeyId === undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
      );
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...('text' in version.value ? { SecretString: version.value.text } : { SecretBinary: version.value.binary }),
      VersionStages: version.stages,
      CreatedDate: new Date(version.createdAt),
    };
  },
});

const shownSecret = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(secret.description === undefined ? {} : { Description: secret.description }),
  ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
  LastChangedDate: new Date(secret.changedAt),
  ...(secret.deletionAskedAt === undefined ? {} : { DeletedDate: new Date(secret.deletionAskedAt) }),
  Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  CreatedDate: new Date(secret.createdAt),
});

const stagesOf = ({ versions }: Secret): Record<string, readonly string[]> =>
  Object.fromEntries(versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]));

/** A secret without its value. */
export const describeSecret = operation({
  simplified: 'There is no rotation, no replica, and no date of the last access.',
  input: z.object({ SecretId }),
  access: (input, call) => [secretAccess('DescribeSecret', call, input.SecretId)],
  run: (input, call) => {
    const secret = anySecret(call, input.SecretId);
    return { ...shownSecret(secret), VersionIdsToStages: stagesOf(secret) };
  },
});

const filterKeys = ['all', 'description', 'name', 'tag-key', 'tag-value'] as const;

/** Whether a secret has what a filter names: names begin with a value, the rest holds it. */
function passes(
  secret: Secret,
  { Key, Values }: { readonly Key: (typeof filterKeys)[number]; readonly Values: readonly string[] },
): boolean {
  const texts = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': Object.keys(secret.tags),
    'tag-value': Object.values(secret.tags),
    all: [secret.name, secret.description ?? '', ...Object.keys(secret.tags), ...Object.values(secret.tags)],
  }[Key];
  const has = (value: string) => texts.some((text) => (Key === 'name' ? text.startsWith(value) : text.includes(value)));
  return Values.some((value) => (value.startsWith('!') ? !has(value.slice(1)) : has(value)));
}

/** The secrets of the caller's account and region, without their values. */
export const listSecrets = operation({
  simplified: 'Filters compare letters as they are written, and know no words.',
  input: z.object({
    IncludePlannedDeletion: z.boolean().default(false),
    Filters: z.array(z.object({ Key: z.enum(filterKeys), Values: z.array(z.string()).min(1) })).default([]),
    SortOrder: z.enum(['asc', 'desc']).default('desc'),
    ...paged,
  }),
  access: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
  run: (input, { world, account, region }) => {
    const found = world.store
      .in(secrets)
      .where((row) => row.account === account && row.region === region && findSecret(world, row.arn, row) !== undefined)
      .filter((row) => row.deletedAt === undefined || input.IncludePlannedDeletion)
      .filter((row) => input.Filters.every((filter) => passes(row, filter)))
      .map((row) => ({ ...shownSecret(row), SecretVersionsToStages: stagesOf(row) }));
    const ordered = input.SortOrder === 'asc' ? found : found.reverse();
    const { items, next } = pageOf(ordered, input.NextToken, input.MaxResults, 'InvalidNextTokenException');
    return { SecretList: items, ...(next === undefined ? {} : { NextToken: next }) };
  },
});

/** A secret's versions, without their values. */
export const listSecretVersionIds = operation({
  input: z.object({ SecretId, IncludeDeprecated: z.boolean().default(false), ...paged }),
  access: (input, call) => [secretAccess('ListSecretVersionIds', call, input.SecretId)],
  run: ({ IncludeDeprecated, NextToken, MaxResults, ...input }, call) => {
    const secret = anySecret(call, input.SecretId);
    const found = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0);
    const { items, next } = pageOf(found, NextToken, MaxResults, 'InvalidNextTokenException');
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: items.map(({ id, stages, createdAt }) => ({
        VersionId: id,
        VersionStages: stages,
        CreatedDate: new Date(createdAt),
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
