import { expect, test } from 'vitest';
import { cloudformationWorld } from './cloudformation-world.ts';

test('a stack makes a secret with a generated value, keeps the value, and takes the secret away', async () => {
  const { create, update, remove, ask, world } = await cloudformationWorld();
  const secret = (more: object = {}) => ({
    Password: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: 'database',
        GenerateSecretString: {
          SecretStringTemplate: '{"user":"orders"}',
          GenerateStringKey: 'password',
          PasswordLength: 40,
        },
        ...more,
      },
    },
    Policy: {
      Type: 'AWS::SecretsManager::ResourcePolicy',
      Properties: {
        SecretId: { Ref: 'Password' },
        ResourcePolicy: {
          Version: '2012-10-17',
          Statement: { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:DeleteSecret', Resource: '*' },
        },
      },
    },
  });
  const value = async () =>
    (await ask<{ SecretString: string }>('secretsmanager', 'GetSecretValue', { SecretId: 'database' })).SecretString;
  await create('one', secret());
  const first = await value();
  expect(JSON.parse(first)).toEqual({ user: 'orders', password: expect.stringMatching(/^.{40}$/) as string });
  await expect(ask('secretsmanager', 'DeleteSecret', { SecretId: 'database' })).rejects.toThrow(
    'the policy of secret database',
  );

  await update('one', secret({ Description: 'of the orders' }));
  expect(await value(), 'what generates it did not change').toBe(first);
  const { password } = JSON.parse(first) as { password: string };
  expect(JSON.stringify(world.journal.entries)).not.toContain(password);

  await remove('one');
  await expect(value()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('a stack makes a key that signs, and leaves it waiting for its end', async () => {
  const { create, remove, ask } = await cloudformationWorld();
  const Properties = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', PendingWindowInDays: 7 };
  await create('one', {
    Seal: { Type: 'AWS::KMS::Key', Properties },
    Name: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/seal', TargetKeyId: { Ref: 'Seal' } } },
  });
  const { KeyId } = await ask<{ KeyId: string }>('kms', 'Sign', {
    KeyId: 'alias/seal',
    Message: 'eA==',
    SigningAlgorithm: 'ECDSA_SHA_256',
  });

  await remove('one');

  expect(await ask('kms', 'DescribeKey', { KeyId })).toMatchObject({ KeyMetadata: { KeyState: 'PendingDeletion' } });
});
