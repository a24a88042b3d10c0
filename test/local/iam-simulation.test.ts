import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { statementSpans } from '../../local/services/iam/statement-spans.ts';
import { allowing, type IdentityWorld, identityWorld, policyOf, trusting } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

interface Result {
  readonly EvalDecision: string;
  readonly EvalResourceName: string;
  readonly MatchedStatements: readonly { readonly SourcePolicyId: string }[];
  readonly MissingContextValues: readonly string[];
  readonly ResourceSpecificResults?: readonly object[];
}

const simulated = async (operation: string, input: object): Promise<Result> => {
  const { EvaluationResults } = await cloud.ask<{ EvaluationResults: readonly Result[] }>('iam', operation, input);
  return EvaluationResults[0] as Result;
};
const custom = (policies: readonly string[], action: string, more: object = {}) =>
  simulated('SimulateCustomPolicy', { PolicyInputList: policies, ActionNames: [action], ...more });

const bucket = 'arn:aws:s3:::orders';
const entry = (ContextKeyName: string, ...ContextKeyValues: readonly string[]) => ({
  ContextKeyName,
  ContextKeyValues,
  ContextKeyType: 'string',
});
const tls = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } };

test.for<[string, readonly string[], object, string]>([
  ['an allowing statement', [allowing('s3:Get*')], {}, 'allowed'],
  ['no statement', [allowing('sqs:*')], {}, 'implicitDeny'],
  [
    'a denying statement besides an allowing one',
    [allowing('s3:*'), policyOf({ Effect: 'Deny', Action: '*', Resource: '*' })],
    {},
    'explicitDeny',
  ],
  [
    'a statement about another resource',
    [allowing('s3:*', `${bucket}/b`)],
    { ResourceArns: [`${bucket}/a`] },
    'implicitDeny',
  ],
  ['a condition without its key', [allowing('s3:*', '*', tls)], {}, 'implicitDeny'],
  [
    'a condition with its key',
    [allowing('s3:*', '*', tls)],
    { ContextEntries: [entry('aws:SecureTransport', 'true')] },
    'allowed',
  ],
  [
    'a boundary that lacks it',
    [allowing('*')],
    { PermissionsBoundaryPolicyInputList: [allowing('sqs:*')] },
    'implicitDeny',
  ],
  [
    'several resources, of which one is not allowed',
    [allowing('s3:*', `${bucket}/a`)],
    { ResourceArns: [`${bucket}/a`, `${bucket}/b`] },
    'implicitDeny',
  ],
])('by %s', async ([, policies, more, decision]) => {
  expect(await custom(policies, 's3:GetObject', more)).toMatchObject({ EvalDecision: decision });
});

test('the result points at the statement as the simulator of AWS does', async () => {
  // Source: results of the policy simulator for a policy in one line, and for AdministratorAccess with two blanks.
  const oneLine =
    '{"Version": "2012-10-17", "Statement": [{"Sid": "One", "Effect": "Allow", "Action": "*", "Resource": "*"}]}';
  const twoBlanks = JSON.stringify(JSON.parse(oneLine.replace('"Sid": "One", ', '')), undefined, 2);

  expect((await custom([oneLine], 's3:GetObject')).MatchedStatements).toMatchObject([
    { SourcePolicyId: 'PolicyInputList.1', SourcePolicyType: 'IAM Policy', StartPosition: { Line: 1, Column: 41 } },
  ]);
  expect((await custom([twoBlanks], 's3:GetObject')).MatchedStatements).toMatchObject([
    { StartPosition: { Line: 3, Column: 17 }, EndPosition: { Line: 8, Column: 6 } },
  ]);
});

test('missing keys stand at the action, or at each resource when some are given', async () => {
  const policies = [
    allowing('s3:*', bucket, { Condition: { StringEquals: { 'aws:PrincipalTag/team': '${aws:username}' } } }),
    allowing('sqs:*', '*', tls),
  ];

  expect(await custom([allowing('s3:*', '*', tls)], 's3:GetObject')).toMatchObject({
    MissingContextValues: ['aws:SecureTransport'],
  });
  const given = await custom(policies, 's3:ListBucket', { ResourceArns: [bucket] });
  expect(given).toMatchObject({
    EvalResourceName: bucket,
    MissingContextValues: [],
    ResourceSpecificResults: [
      { EvalResourceDecision: 'implicitDeny', MissingContextValues: ['aws:PrincipalTag/team', 'aws:username'] },
    ],
  });
});

test('a role is simulated with what it holds, within its boundary', async () => {
  const { Policy } = await cloud.ask<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
    PolicyName: 'edge',
    PolicyDocument: allowing('s3:*'),
  });
  const PolicySourceArn = await cloud.role('simulated', allowing(['s3:GetObject', 'sqs:SendMessage']), {
    PermissionsBoundary: Policy.Arn,
  });
  const role = (action: string, more: object = {}) =>
    simulated('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: [action], ...more });

  expect(await role('s3:GetObject')).toMatchObject({
    EvalDecision: 'allowed',
    MatchedStatements: [{ SourcePolicyId: 'role_simulated_own' }],
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
  });
  expect(await role('sqs:SendMessage')).toMatchObject({
    EvalDecision: 'implicitDeny',
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  });
  expect(
    await role('sqs:SendMessage', { PermissionsBoundaryPolicyInputList: [allowing('*')] }),
    'a given boundary stands for the role’s own',
  ).toMatchObject({ EvalDecision: 'allowed' });
  expect(
    await role('sns:Publish', {
      PolicyInputList: [allowing('sns:*')],
      PermissionsBoundaryPolicyInputList: [allowing('*')],
    }),
  ).toMatchObject({
    MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
  });
});

test('a user is simulated with a resource policy of another account', async () => {
  const CallerArn = 'arn:aws:iam::222222222222:user/administrator';
  const queue = 'arn:aws:sqs:eu-west-1:333333333333:orders';
  const policy = (account: string) =>
    policyOf({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sqs:*', Resource: '*' });
  const ask = (ResourcePolicy: string) =>
    simulated('SimulatePrincipalPolicy', {
      PolicySourceArn: CallerArn,
      ActionNames: ['sqs:SendMessage'],
      ResourceArns: [queue],
      ResourcePolicy,
    });

  expect(await ask(policy('222222222222'))).toMatchObject({ EvalDecision: 'allowed' });
  expect(await ask(policy('444444444444'))).toMatchObject({ EvalDecision: 'implicitDeny' });
});

test.for<[string, object, string]>([
  ['SimulateCustomPolicy', { PolicyInputList: ['{'], ActionNames: ['s3:GetObject'] }, 'InvalidInput'],
  ['SimulateCustomPolicy', { PolicyInputList: [trusting()], ActionNames: ['s3:GetObject'] }, 'InvalidInput'],
  ['SimulateCustomPolicy', { PolicyInputList: [allowing('*')], ActionNames: ['GetObject'] }, 'InvalidInput'],
  ['SimulateCustomPolicy', { PolicyInputList: [allowing('*')], ActionNames: [] }, 'ValidationException'],
  [
    'SimulatePrincipalPolicy',
    { PolicySourceArn: 'arn:aws:iam::222222222222:role/none', ActionNames: ['s3:GetObject'] },
    'NoSuchEntity',
  ],
  [
    'SimulatePrincipalPolicy',
    { PolicySourceArn: 'arn:aws:iam::222222222222:group/x', ActionNames: ['s3:GetObject'] },
    'InvalidInput',
  ],
])('%s with %j is refused', async ([operation, input, code]) => {
  await expect(cloud.ask('iam', operation, input)).rejects.toMatchObject({ code });
});

test('the keys that policies read are listed', async () => {
  const PolicyInputList = [allowing('s3:*', 'arn:aws:s3:::${aws:username}', tls)];
  expect(await cloud.ask('iam', 'GetContextKeysForCustomPolicy', { PolicyInputList })).toEqual({
    ContextKeyNames: ['aws:SecureTransport', 'aws:username'],
  });
});

test('every statement is found, whatever else the policy holds', () => {
  const statement = fc.record({ Sid: fc.string(), Resource: fc.array(fc.string()), Condition: fc.jsonValue() });
  fc.assert(
    fc.property(fc.string(), fc.array(statement), fc.nat(3), (Id, Statement, blanks) => {
      const text = JSON.stringify({ Id, Statement, Version: '2012-10-17' }, undefined, blanks);
      const lines = text.split('\n');
      const at = ({ Line, Column }: { Line: number; Column: number }) =>
        lines.slice(0, Line - 1).reduce((sum, line) => sum + line.length + 1, 0) + Column - 1;
      const found = statementSpans(text).map(({ StartPosition, EndPosition }) =>
        JSON.stringify(JSON.parse(text.slice(at(StartPosition), at(EndPosition)))),
      );
      expect(found).toEqual(Statement.map((each) => JSON.stringify(each)));
    }),
  );
});

test('a simulation that would take long is refused at once', async () => {
  const statements = Array.from({ length: 1000 }, (_, index) => ({
    Effect: 'Allow',
    Action: `s3:a${index}`,
    Resource: '*',
  }));
  const ask = (actions: number) =>
    custom([policyOf(...statements)], 's3:GetObject', {
      ActionNames: Array.from({ length: actions }, (_, index) => `s3:b${index}`),
      ResourceArns: Array.from({ length: 10 }, (_, index) => `${bucket}/${index}`),
    });

  expect(await ask(2)).toMatchObject({ EvalDecision: 'implicitDeny' });
  await expect(ask(60)).rejects.toMatchObject({ code: 'InvalidInput' });
});
