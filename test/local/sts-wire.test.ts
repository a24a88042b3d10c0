import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowing, type IdentityWorld, identityWorld } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

const clientOf = (keys: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string } | undefined) =>
  new STSClient({
    ...cloud.client('222222222222'),
    maxAttempts: 1,
    credentials: {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    },
  });

test('the keys of a session work with an ordinary client until they expire', async () => {
  const RoleArn = await cloud.role('wired', allowing('*'));
  const user = new STSClient(cloud.client('222222222222'));
  const { Credentials, SourceIdentity, PackedPolicySize } = await user.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: 'wire',
      DurationSeconds: 900,
      SourceIdentity: 'alice',
      Tags: [{ Key: 'team', Value: 'orders' }],
      TransitiveTagKeys: [],
    }),
  );
  const session = clientOf(Credentials);

  expect([SourceIdentity, PackedPolicySize]).toEqual(['alice', 1]);
  expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    'arn:aws:sts::222222222222:assumed-role/wired/wire',
  );
  await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
  const tooLong = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'wire', DurationSeconds: 3601 });
  await expect(session.send(tooLong)).rejects.toMatchObject({ name: 'ValidationError' });
  const { Credentials: own } = await user.send(new GetSessionTokenCommand({}));
  expect((await clientOf(own).send(new GetCallerIdentityCommand({}))).Arn).toBe(
    'arn:aws:iam::222222222222:user/administrator',
  );

  await cloud.world.clock.advance(901_000);
  const late = new STSClient({
    ...cloud.client('222222222222'),
    systemClockOffset: 901_000,
    maxAttempts: 1,
    credentials: await session.config.credentials(),
  });
  await expect(late.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: expect.stringMatching(/ExpiredToken/) as string,
  });
});
