import { expect, test } from 'vitest';
import { Permissions } from '../../audit/cloud/permissions.ts';
import { decide } from '../../languages/iam-policy/decide.ts';
import { cloudOfStacks, ownStacks } from '../audit/clouds.ts';

const permissions = new Permissions(cloudOfStacks(ownStacks().values()));
const account = '111111111111';
const roleArn = `arn:aws:iam::${account}:role/mergecast/mergecast-auditor`;

/** Every action that any policy of the templates names, with every resource that a policy names beside it. */
const named = permissions.all.flatMap(({ policy }) =>
  policy.document.statements.map(({ actions = [], resources = [] }) => ({ actions, resources })),
);
const actions = [...new Set(named.flatMap((each) => each.actions))].map((action) => action.replaceAll('*', 'X'));
const resources = [...new Set(named.flatMap((each) => each.resources))].map((arn) => arn.replaceAll('*', 'x'));

/** What the role's own policies say, as if every resource were of its account: then nobody else's policy has a say. */
const may = (action: string, resource: string): boolean =>
  decide(
    {
      principal: {
        type: 'role-session',
        account,
        arn: `arn:aws:sts::${account}:assumed-role/mergecast-auditor/x`,
        roleArn,
      },
      action,
      resource,
      resourceAccount: account,
      context: { 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': account, 'aws:SecureTransport': 'true' },
    },
    { identity: permissions.identityOf(roleArn) },
  ).allowed;

test('the auditor may do nothing of all that the templates name but read', () => {
  const allowed = actions.filter((action) => resources.some((arn) => may(action, arn)));

  expect(actions.length).toBeGreaterThan(50);
  expect(allowed.sort()).toEqual([
    'cloudwatch:DescribeAlarms',
    'codecommit:GetBranch',
    'codecommit:GetCommit',
    'kms:GetPublicKey',
    'logs:FilterLogEvents',
    's3:GetObject',
    's3:GetObjectVersion',
    's3:ListBucket',
    's3:ListBucketVersions',
  ]);
});
