import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowing, type IdentityWorld, identityWorld, policyOf, trusting } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

const iam = <Answer = Record<string, unknown>>(operation: string, input: object = {}) =>
  cloud.ask<Answer>('iam', operation, input);
const decoded = (text: unknown) => decodeURIComponent(String(text));
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';

test('a role is made, read, changed and taken away, its policies first', async () => {
  const RoleName = 'whole';
  await iam('CreateRole', {
    RoleName,
    Path: '/delivery/',
    AssumeRolePolicyDocument: trusting(),
    Description: 'all of it',
    PermissionsBoundary: admin,
    Tags: [{ Key: 'team', Value: 'orders' }],
  });
  await iam('PutRolePolicy', { RoleName, PolicyName: 'one', PolicyDocument: ` ${allowing('s3:*')} ` });
  await iam('AttachRolePolicy', { RoleName, PolicyArn: admin });

  expect(await iam('GetRole', { RoleName })).toMatchObject({
    Role: {
      Arn: 'arn:aws:iam::222222222222:role/delivery/whole',
      Description: 'all of it',
      MaxSessionDuration: 3600,
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: admin },
      Tags: [{ Key: 'team', Value: 'orders' }],
    },
  });
  expect(await iam('ListRolePolicies', { RoleName })).toMatchObject({ PolicyNames: ['one'], IsTruncated: false });
  const { PolicyDocument } = await iam('GetRolePolicy', { RoleName, PolicyName: 'one' });
  expect(decoded(PolicyDocument), 'as it was put, blanks and all').toBe(` ${allowing('s3:*')} `);
  expect(await iam('ListAttachedRolePolicies', { RoleName })).toMatchObject({
    AttachedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: admin }],
  });

  await expect(iam('DeleteRole', { RoleName })).rejects.toThrow(
    'Cannot delete entity, must detach all policies first.',
  );
  await iam('DetachRolePolicy', { RoleName, PolicyArn: admin });
  await expect(iam('DeleteRole', { RoleName })).rejects.toThrow('Cannot delete entity, must delete policies first.');
  await iam('DeleteRolePolicy', { RoleName, PolicyName: 'one' });
  await iam('DeleteRole', { RoleName });
  await expect(iam('GetRole', { RoleName })).rejects.toThrow('The role with name whole cannot be found.');
});

test('a policy of the same name gives way, and a new trust policy decides at once', async () => {
  const arn = await cloud.role('changing', allowing('s3:ListAllMyBuckets'));
  const session = await cloud.session(arn);
  const buckets = () => cloud.as(session)('s3', 'ListBuckets');
  await buckets();

  await iam('PutRolePolicy', { RoleName: 'changing', PolicyName: 'own', PolicyDocument: allowing('sqs:*') });
  await iam('UpdateAssumeRolePolicy', { RoleName: 'changing', PolicyDocument: trusting('333333333333') });

  await expect(buckets()).rejects.toMatchObject({ code: 'AccessDeniedException' });
  await expect(cloud.session(arn)).rejects.toThrow('sts:AssumeRole');
  expect(await iam('ListRolePolicies', { RoleName: 'changing' })).toMatchObject({ PolicyNames: ['own'] });
});

test('inline policies are judged by the role with its path, its boundary and its tags', async () => {
  await iam('CreateRole', {
    RoleName: 'inside',
    Path: '/workloads/',
    PermissionsBoundary: admin,
    Tags: [{ Key: 'team', Value: 'orders' }],
    AssumeRolePolicyDocument: trusting(),
  });
  const Condition = { StringEquals: { 'iam:PermissionsBoundary': admin, 'aws:ResourceTag/team': 'orders' } };
  const owner = await cloud.session(
    await cloud.role(
      'owner',
      allowing('iam:PutRolePolicy', 'arn:aws:iam::222222222222:role/workloads/*', { Condition }),
    ),
  );
  const put = (RoleName: string) =>
    cloud.as(owner)('iam', 'PutRolePolicy', { RoleName, PolicyName: 'new', PolicyDocument: allowing('s3:*') });

  await put('inside');
  await expect(put('owner')).rejects.toThrow('role/owner');
  await expect(put('nobody'), 'a refusal does not tell whether the role is there').rejects.toThrow('role/nobody');
});

test('a managed policy has versions, of which one holds', async () => {
  const { Policy } = await iam<{ Policy: { Arn: string } }>('CreatePolicy', {
    PolicyName: 'readers',
    Path: '/team/',
    PolicyDocument: allowing('s3:ListAllMyBuckets'),
    Description: 'reads',
  });
  const PolicyArn = Policy.Arn;
  expect(PolicyArn).toBe('arn:aws:iam::222222222222:policy/team/readers');
  const arn = await cloud.role('reader', allowing('sts:*'));
  await iam('AttachRolePolicy', { RoleName: 'reader', PolicyArn });
  const session = await cloud.session(arn);
  await cloud.as(session)('s3', 'ListBuckets');

  await iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: allowing('sqs:*'), SetAsDefault: true });

  await expect(cloud.as(session)('s3', 'ListBuckets')).rejects.toThrow('s3:ListAllMyBuckets');
  const { Versions } = await iam<{ Versions: object[] }>('ListPolicyVersions', { PolicyArn });
  expect(Versions).toMatchObject([
    { VersionId: 'v2', IsDefaultVersion: true },
    { VersionId: 'v1', IsDefaultVersion: false },
  ]);
  const { PolicyVersion } = await iam<{ PolicyVersion: { Document: string } }>('GetPolicyVersion', {
    PolicyArn,
    VersionId: 'v1',
  });
  expect(decoded(PolicyVersion.Document)).toBe(allowing('s3:ListAllMyBuckets'));
  await iam('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' });
  await cloud.as(session)('s3', 'ListBuckets');
  expect(await iam('GetPolicy', { PolicyArn })).toMatchObject({
    Policy: { DefaultVersionId: 'v1', AttachmentCount: 1, Description: 'reads' },
  });
  expect(await iam('ListEntitiesForPolicy', { PolicyArn })).toMatchObject({
    PolicyRoles: [{ RoleName: 'reader' }],
    PolicyUsers: [],
  });
  expect(await iam('ListPolicies', { Scope: 'Local' })).toMatchObject({
    Policies: [{ PolicyName: 'readers', Path: '/team/' }],
  });

  await iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v2' });
  await expect(iam('DeletePolicy', { PolicyArn })).rejects.toThrow('Cannot delete a policy attached to entities.');
  await iam('DetachRolePolicy', { RoleName: 'reader', PolicyArn });
  await iam('DeletePolicy', { PolicyArn });
  await expect(iam('GetPolicy', { PolicyArn })).rejects.toThrow(`Policy ${PolicyArn} was not found.`);
});

test.for<[string, object, string, string]>([
  ['GetRole', { RoleName: 'none' }, 'NoSuchEntity', 'The role with name none cannot be found.'],
  ['GetUser', { UserName: 'none' }, 'NoSuchEntity', 'The user with name none cannot be found.'],
  [
    'GetRolePolicy',
    { RoleName: 'there', PolicyName: 'none' },
    'NoSuchEntity',
    'The role policy with name none cannot be found.',
  ],
  [
    'DeleteRolePolicy',
    { RoleName: 'there', PolicyName: 'none' },
    'NoSuchEntity',
    'The role policy with name none cannot be found.',
  ],
  [
    'CreateRole',
    { RoleName: 'there', AssumeRolePolicyDocument: trusting() },
    'EntityAlreadyExists',
    'Role with name there already exists.',
  ],
  [
    'CreateRole',
    { RoleName: 'new', AssumeRolePolicyDocument: allowing('sts:AssumeRole') },
    'MalformedPolicyDocument',
    'Has prohibited field Resource',
  ],
  [
    'CreateRole',
    { RoleName: 'new', AssumeRolePolicyDocument: '{' },
    'MalformedPolicyDocument',
    'Syntax errors in policy',
  ],
  [
    'CreateRole',
    { RoleName: 'new', AssumeRolePolicyDocument: trusting('arn:aws:iam::222222222222:role/none') },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:iam::222222222222:role/none"',
  ],
  [
    'UpdateAssumeRolePolicy',
    { RoleName: 'there', PolicyDocument: trusting('222222222222', { Sid: 'x'.repeat(2048) }) },
    'LimitExceeded',
    'Cannot exceed quota for ACLSizePerRole: 2048',
  ],
  [
    'PutRolePolicy',
    { RoleName: 'there', PolicyName: 'p', PolicyDocument: policyOf({ Effect: 'Allow', Action: 's3:*' }) },
    'MalformedPolicyDocument',
    'Policy statement must contain resources.',
  ],
  [
    'PutRolePolicy',
    { RoleName: 'there', PolicyName: 'p', PolicyDocument: allowing('s3:*', 'x'.repeat(10_240)) },
    'LimitExceeded',
    'Maximum policy size of 10240 bytes exceeded for role there',
  ],
  [
    'AttachRolePolicy',
    { RoleName: 'there', PolicyArn: 'arn:aws:iam::aws:policy/None' },
    'NoSuchEntity',
    'Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.',
  ],
  ['DetachRolePolicy', { RoleName: 'there', PolicyArn: admin }, 'NoSuchEntity', `Policy ${admin} was not found.`],
  ['DeletePolicy', { PolicyArn: admin }, 'AccessDenied', 'Policy is outside your own account.'],
  [
    'CreatePolicy',
    { PolicyName: 'p', PolicyDocument: allowing('s3:*', 'x'.repeat(6144)) },
    'LimitExceeded',
    'Cannot exceed quota for PolicySize: 6144',
  ],
  ['TagRole', { RoleName: 'there', Tags: [{ Key: 'aws:x', Value: '' }] }, 'ValidationException', 'aws:x'],
  ['ListRoles', { Marker: 'nonsense' }, 'ValidationException', 'not valid'],
  ['ListRoles', { MaxItems: '0' }, 'ValidationException', 'MaxItems'],
])('%s with %j is refused as %s', async ([operation, input, code, text]) => {
  await cloud.role('there', allowing('s3:*')).catch(() => undefined);

  await expect(iam(operation, input)).rejects.toMatchObject({ code, message: expect.stringContaining(text) as string });
});

test('lists come in parts, and the whole account in one', async () => {
  for (const name of ['a', 'b', 'c']) await cloud.role(`part-${name}`, allowing('s3:*'), { Path: '/parts/' });
  interface Listed {
    Roles: { RoleName: string }[];
    IsTruncated: boolean;
    Marker?: string;
  }
  const first = await iam<Listed>('ListRoles', { PathPrefix: '/parts/', MaxItems: '2' });
  const second = await iam<Listed>('ListRoles', { PathPrefix: '/parts/', MaxItems: '2', Marker: first.Marker });

  expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'part-a' }, { RoleName: 'part-b' }] });
  expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'part-c' }] });
  expect(second.Marker).toBeUndefined();
  const details = await iam('GetAccountAuthorizationDetails', { Filter: ['Role', 'User', 'AWSManagedPolicy'] });
  expect(details).toMatchObject({
    UserDetailList: [{ UserName: 'administrator', AttachedManagedPolicies: [{ PolicyArn: admin }] }],
    RoleDetailList: expect.arrayContaining([
      expect.objectContaining({
        RoleName: 'part-a',
        RolePolicyList: [{ PolicyName: 'own', PolicyDocument: encodeURIComponent(allowing('s3:*')) }],
      }),
    ]) as unknown,
    Policies: [{ PolicyName: 'AdministratorAccess', PolicyVersionList: [{ VersionId: 'v1' }] }],
    IsTruncated: false,
  });
});

test('a user without a name in the call is the user that asks, and accounts have no alias', async () => {
  expect(await iam('GetUser')).toMatchObject({ User: { UserName: 'administrator', Path: '/' } });
  expect(await iam('ListAccountAliases')).toEqual({ AccountAliases: [], IsTruncated: false });
});
