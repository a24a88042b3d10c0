import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowing, type IdentityWorld, identityWorld, policyOf, trusting } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

const anything = allowing('*');
const identity = async (session: Parameters<IdentityWorld['as']>[0]) => cloud.as(session)('sts', 'GetCallerIdentity');
const role = (name: string, more: object = {}) => cloud.role(name, anything, more);

test('a session is its role, without the path, and its own name', async () => {
  const session = await cloud.session(await role('pathed', { Path: '/delivery/' }), { RoleSessionName: 'run-1' });

  expect(await identity(session)).toEqual({
    Account: '222222222222',
    Arn: 'arn:aws:sts::222222222222:assumed-role/pathed/run-1',
    UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:run-1$/) as string,
  });
});

test('a session can do what its role and its session policies allow, together', async () => {
  const arn = await role('limited');
  const buckets = (session: Parameters<IdentityWorld['as']>[0]) => cloud.as(session)('s3', 'ListBuckets');

  await buckets(await cloud.session(arn));
  await buckets(
    await cloud.session(arn, {
      Policy: allowing('sqs:*'),
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    }),
  );
  await expect(buckets(await cloud.session(arn, { Policy: allowing('sqs:*') }))).rejects.toThrow(
    'no session policy allows',
  );
});

test('a trust policy asks for the external id, the session name and the source identity', async () => {
  const conditioned = (key: string, value: string) =>
    trusting('222222222222', { Condition: { StringEquals: { [key]: value } } });
  for (const [key, value, more] of [
    ['sts:ExternalId', 'deal-7', { ExternalId: 'deal-7' }],
    ['sts:RoleSessionName', 'alice', { RoleSessionName: 'alice' }],
    ['sts:SourceIdentity', 'alice', { SourceIdentity: 'alice' }],
    ['aws:RequestTag/team', 'orders', { Tags: [{ Key: 'team', Value: 'orders' }] }],
  ] as const) {
    const arn = await role(`asks-${key.replace(/\W/g, '')}`, { AssumeRolePolicyDocument: conditioned(key, value) });
    await cloud.session(arn, more);
    await expect(cloud.session(arn)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  }
});

test('tags and a source identity take permissions of their own', async () => {
  const AssumeRolePolicyDocument = policyOf({
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: 'sts:AssumeRole',
  });
  const arn = await role('plain-trust', { AssumeRolePolicyDocument });

  await cloud.session(arn);
  await expect(cloud.session(arn, { Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toThrow('sts:TagSession');
  await expect(cloud.session(arn, { SourceIdentity: 'alice' })).rejects.toThrow('sts:SetSourceIdentity');
});

test('transitive tags and the source identity go on from session to session, and nobody changes them', async () => {
  const [first, second, third] = [await role('first'), await role('second'), await role('third')];
  const tags = [
    { Key: 'team', Value: 'orders' },
    { Key: 'run', Value: '1' },
  ];
  const one = await cloud.session(first, { Tags: tags, TransitiveTagKeys: ['team'], SourceIdentity: 'alice' });
  const two = await cloud.session(second, {}, one);
  const three = await cloud.session(third, {}, two);

  expect(three).toMatchObject({ tags: { team: 'orders' }, transitiveTags: ['team'], sourceIdentity: 'alice' });
  await expect(cloud.session(third, { Tags: [{ Key: 'Team', Value: 'other' }] }, two)).rejects.toThrow(
    'conflicts with a transitive tag key',
  );
  await expect(cloud.session(third, { SourceIdentity: 'bob' }, two)).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('policies see the tags of the session above those of its role, and the user’s name', async () => {
  const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'orders', 'aws:PrincipalTag/kind': 'role' } };
  const arn = await cloud.role('tagged', allowing('s3:ListAllMyBuckets', '*', { Condition }), {
    Tags: [
      { Key: 'team', Value: 'other' },
      { Key: 'kind', Value: 'role' },
    ],
  });
  const buckets = async (more: object) => cloud.as(await cloud.session(arn, more))('s3', 'ListBuckets');

  await buckets({ Tags: [{ Key: 'team', Value: 'orders' }] });
  await expect(buckets({})).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test.for<[string, object, string, string]>([
  [
    'longer than the role allows',
    { DurationSeconds: 7200 },
    'ValidationException',
    'exceeds the MaxSessionDuration set for this role.',
  ],
  ['longer than any role allows', { DurationSeconds: '43201' }, 'ValidationException', 'DurationSeconds'],
  ['shorter than 15 minutes', { DurationSeconds: 899 }, 'ValidationException', 'DurationSeconds'],
  ['with a broken session policy', { Policy: '{' }, 'MalformedPolicyDocument', 'Syntax errors in policy'],
  [
    'with a session policy for somebody',
    { Policy: trusting() },
    'MalformedPolicyDocument',
    'should not specify a principal',
  ],
  [
    'with a policy that is not there',
    { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/None' }] },
    'NoSuchEntity',
    'was not found',
  ],
  [
    'with doubled tags',
    {
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'A', Value: '' },
      ],
    },
    'ValidationException',
    'Duplicate tag keys',
  ],
  [
    'with a transitive key without tag',
    { TransitiveTagKeys: ['a'] },
    'ValidationException',
    'must be included in the session tags',
  ],
  ['with a short session name', { RoleSessionName: 'a' }, 'ValidationException', 'RoleSessionName'],
  ['with an MFA device', { SerialNumber: 'arn:aws:iam::222222222222:mfa/a' }, 'ValidationException', 'MFA'],
])('a session %s is refused', async ([, more, code, text]) => {
  await role('asked').catch(() => undefined);

  await expect(cloud.session('arn:aws:iam::222222222222:role/asked', more)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text) as string,
  });
});

test('a session made by a session lasts an hour at most', async () => {
  const [one, two] = [await role('chain-1'), await role('chain-2', { MaxSessionDuration: 43_200 })];
  await cloud.session(two, { DurationSeconds: 43_200 });

  await expect(cloud.session(two, { DurationSeconds: 3601 }, await cloud.session(one))).rejects.toThrow(
    '1 hour session limit',
  );
});

test('a user gets a session token, a session does not, and a key tells its account', async () => {
  interface Answer {
    readonly Credentials: { readonly AccessKeyId: string; readonly Expiration: Date };
  }
  const { Credentials } = await cloud.ask<Answer>('sts', 'GetSessionToken', { DurationSeconds: 900 });

  expect(Credentials.Expiration.getTime() - cloud.world.clock.now()).toBeGreaterThan(890_000);
  expect(await cloud.ask('sts', 'GetAccessKeyInfo', { AccessKeyId: Credentials.AccessKeyId })).toEqual({
    Account: '222222222222',
  });
  await expect(cloud.ask('sts', 'GetAccessKeyInfo', { AccessKeyId: 'AKIA2222222222222222' })).rejects.toThrow(
    'is not valid',
  );
  const session = await cloud.session(await role('no-token'));
  await expect(cloud.as(session)('sts', 'GetSessionToken')).rejects.toThrow(
    'Cannot call GetSessionToken with session credentials',
  );
  await expect(cloud.ask('sts', 'DecodeAuthorizationMessage', { EncodedMessage: 'x' })).rejects.toThrow(
    'sts:DecodeAuthorizationMessage is not played by the local cloud',
  );
});
