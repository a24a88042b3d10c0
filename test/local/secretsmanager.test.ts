import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { passwordShape, randomPassword } from '../../local/services/secretsmanager/random-password.ts';
import { chanceFrom } from '../../local/world/chance.ts';
import { allowing, type IdentityWorld, identityWorld, policyOf } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

const secrets = <Answer = Record<string, unknown>>(operation: string, input: object = {}) =>
  cloud.ask<Answer>('secretsmanager', operation, input);
const made = async (Name: string, more: object = {}): Promise<string> => {
  const { ARN } = await secrets<{ ARN: string }>('CreateSecret', { Name, SecretString: 'one', ...more });
  return ARN;
};
const read = async (SecretId: string, more: object = {}) =>
  (await secrets<{ SecretString: string }>('GetSecretValue', { SecretId, ...more })).SecretString;

test('a secret is read by name, by ARN and by ARN without its last characters', async () => {
  const arn = await made('team/database');

  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:222222222222:secret:team\/database-[A-Za-z0-9]{6}$/);
  for (const id of ['team/database', arn, arn.slice(0, -7)]) expect(await read(id)).toBe('one');
});

test('a new value becomes the current one, and the one before stays readable until the next', async () => {
  const SecretId = await made('versions');
  const put = (SecretString: string, more: object = {}) =>
    secrets<{ VersionId: string }>('PutSecretValue', { SecretId, SecretString, ...more });
  const two = await put('two');
  const pending = await put('three', { VersionStages: ['AWSPENDING'] });

  expect(await read(SecretId)).toBe('two');
  expect(await read(SecretId, { VersionStage: 'AWSPREVIOUS' })).toBe('one');
  expect(await read(SecretId, { VersionId: pending.VersionId })).toBe('three');
  await secrets('UpdateSecretVersionStage', {
    SecretId,
    VersionStage: 'AWSCURRENT',
    RemoveFromVersionId: two.VersionId,
    MoveToVersionId: pending.VersionId,
  });
  expect(await read(SecretId)).toBe('three');
  expect(await secrets('DescribeSecret', { SecretId })).toMatchObject({
    VersionIdsToStages: { [two.VersionId]: ['AWSPREVIOUS'], [pending.VersionId]: ['AWSPENDING', 'AWSCURRENT'] },
  });
  const { Versions } = await secrets<{ Versions: object[] }>('ListSecretVersionIds', { SecretId });
  expect(Versions, 'the first one is deprecated').toHaveLength(2);
});

test('a retry with the same token changes nothing, and with another value is refused', async () => {
  const SecretId = await made('retries');
  const ClientRequestToken = 'a'.repeat(32);
  const put = (SecretString: string) => secrets('PutSecretValue', { SecretId, SecretString, ClientRequestToken });

  expect(await put('two')).toEqual(await put('two'));
  await expect(put('three')).rejects.toMatchObject({ code: 'ResourceExistsException' });
});

test('a deleted secret is read by nobody, can be restored, and is gone when its time is over', async () => {
  const SecretId = await made('ending');
  await secrets('DeleteSecret', { SecretId, RecoveryWindowInDays: 7 });
  await expect(read(SecretId)).rejects.toThrow('because it was marked for deletion');
  await expect(made('ending')).rejects.toThrow('is already scheduled for deletion');
  await secrets('RestoreSecret', { SecretId });
  expect(await read(SecretId)).toBe('one');

  await secrets('DeleteSecret', { SecretId, RecoveryWindowInDays: 7 });
  await cloud.world.clock.advance(8 * 86_400_000);
  await expect(read(SecretId)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await made('ending');
});

test('IAM, the policy of the secret and its key all have a say', async () => {
  const plain = await made('plain');
  const Condition = { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } };
  const reader = cloud.as(
    await cloud.session(
      await cloud.role('secret-reader', allowing('secretsmanager:GetSecretValue', '*', { Condition })),
    ),
  );
  const get = (SecretId: string, more: object = {}) =>
    reader('secretsmanager', 'GetSecretValue', { SecretId, ...more });

  await get(plain);
  await expect(get(plain, { VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({ code: 'AccessDeniedException' });
  const denying = {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { 'aws:PrincipalArn': '*secret-reader' } },
  };
  await secrets('PutResourcePolicy', { SecretId: plain, ResourcePolicy: policyOf(denying) });
  await expect(get(plain)).rejects.toThrow('the policy of secret plain denies it explicitly');

  const { KeyMetadata } = await cloud.ask<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey');
  const keyed = await made('keyed', { KmsKeyId: KeyMetadata.Arn });
  await expect(get(keyed)).rejects.toThrow('kms:Decrypt');
});

test('another account reads a secret that allows it, when a customer key encrypts it', async () => {
  const Principal = { AWS: '333333333333' };
  const statement = (Action: string) => ({ Effect: 'Allow', Principal, Action, Resource: '*' });
  const own = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'kms:*', Resource: '*' };
  const { KeyMetadata } = await cloud.ask<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {
    Policy: policyOf(own, statement('kms:Decrypt')),
  });
  const keyed = await made('shared', { KmsKeyId: KeyMetadata.Arn });
  const unkeyed = await made('shared-plainly');
  for (const SecretId of [keyed, unkeyed])
    await secrets('PutResourcePolicy', {
      SecretId,
      ResourcePolicy: policyOf(statement('secretsmanager:GetSecretValue')),
    });
  const { administrator } = await import('../../local/accounts.ts');
  const stranger = cloud.as(administrator(cloud.world, '333333333333'));

  expect(await stranger('secretsmanager', 'GetSecretValue', { SecretId: keyed })).toMatchObject({
    SecretString: 'one',
  });
  await expect(stranger('secretsmanager', 'GetSecretValue', { SecretId: unkeyed })).rejects.toThrow(
    'default KMS service key',
  );
});

test('no value ever stands in the journal, in a list or in an error', async () => {
  const value = 'hunter2-hunter2';
  const SecretId = await made('quiet', { SecretString: value });
  await read(SecretId);
  await secrets('PutSecretValue', { SecretId, SecretString: `${value}!`, VersionStages: [] }).catch((error: Error) =>
    expect(error.message).not.toContain(value),
  );
  await secrets('CreateSecret', { Name: 'quiet', SecretString: value }).catch((error: Error) =>
    expect(error.message).not.toContain(value),
  );

  const shown = [
    await secrets('ListSecrets'),
    await secrets('DescribeSecret', { SecretId }),
    cloud.world.journal.entries,
  ];
  expect(JSON.stringify(shown)).not.toContain(value);
});

test('secrets are listed in parts, by name and by tag', async () => {
  for (const name of ['list/a', 'list/b']) await made(name, { Tags: [{ Key: 'part', Value: name }] });
  const list = (input: object) => secrets<{ SecretList: { Name: string }[]; NextToken?: string }>('ListSecrets', input);
  const Filters = [{ Key: 'name', Values: ['list/'] }];
  const first = await list({ Filters, MaxResults: 1, SortOrder: 'asc' });
  const second = await list({ Filters, MaxResults: 1, SortOrder: 'asc', NextToken: first.NextToken });

  expect([first, second].flatMap(({ SecretList }) => SecretList.map(({ Name }) => Name))).toEqual(['list/a', 'list/b']);
  expect(second.NextToken).toBeUndefined();
  expect(await list({ Filters: [{ Key: 'tag-value', Values: ['list/b'] }] })).toMatchObject({
    SecretList: [{ Name: 'list/b' }],
  });
});

test.for<[string, object, string]>([
  ['GetSecretValue', { SecretId: 'none' }, 'ResourceNotFoundException'],
  ['GetSecretValue', { SecretId: 'there', VersionStage: 'NONE' }, 'ResourceNotFoundException'],
  ['CreateSecret', { Name: 'there', SecretString: 'x' }, 'ResourceExistsException'],
  ['CreateSecret', { Name: 'both', SecretString: 'x', SecretBinary: 'eA==' }, 'InvalidParameterException'],
  ['CreateSecret', { Name: 'long', SecretString: 'x'.repeat(65_537) }, 'InvalidParameterException'],
  ['PutSecretValue', { SecretId: 'there' }, 'InvalidRequestException'],
  [
    'DeleteSecret',
    { SecretId: 'there', RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    'InvalidParameterException',
  ],
  ['PutResourcePolicy', { SecretId: 'there', ResourcePolicy: allowing('*') }, 'MalformedPolicyDocumentException'],
  [
    'PutResourcePolicy',
    {
      SecretId: 'there',
      BlockPublicPolicy: true,
      ResourcePolicy: policyOf({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
    },
    'PublicPolicyException',
  ],
  ['UpdateSecretVersionStage', { SecretId: 'there', VersionStage: 'AWSCURRENT' }, 'InvalidParameterException'],
  ['RotateSecret', { SecretId: 'there' }, 'UnknownOperationException'],
])('%s with %j is refused as %s', async ([operation, input, code]) => {
  await made('there').catch(() => undefined);

  await expect(secrets(operation, input)).rejects.toMatchObject({ code });
});

test('a generated password holds what it must and nothing that it must not', () => {
  const shape = z.object(passwordShape);
  const flags = {
    ExcludeNumbers: fc.boolean(),
    ExcludePunctuation: fc.boolean(),
    ExcludeUppercase: fc.boolean(),
    IncludeSpace: fc.boolean(),
  };
  fc.assert(
    fc.property(
      fc.record({ PasswordLength: fc.integer({ min: 5, max: 60 }), ...flags }),
      fc.string(),
      (wanted, seed) => {
        const password = randomPassword(chanceFrom(seed), shape.parse({ ...wanted, ExcludeCharacters: 'l"' }));

        expect(password).toHaveLength(wanted.PasswordLength);
        expect(password).toMatch(/[a-km-z]/);
        expect(password).not.toMatch(/[l"]/);
        expect(/\d/.test(password)).toBe(!wanted.ExcludeNumbers);
        expect(/[A-Z]/.test(password)).toBe(!wanted.ExcludeUppercase);
        expect(password.includes(' ')).toBe(wanted.IncludeSpace);
      },
    ),
  );
});
