import { expect, test } from 'vitest';
import { parseClaims } from '../../../audit/proof/claims.ts';
import { prove } from '../../../audit/proof/prove.ts';
import { ownStacks, type WrittenResources } from '../clouds.ts';
import { changedTemplates, proofOf, proofsAfter, resourceOf } from './claims-worlds.ts';

type Json = Record<string, unknown>;

const forwarderStatement = (resources: WrittenResources): { Principal: unknown; Condition: Record<string, Json> } =>
  resourceOf(resources, 'AWS::Events::EventBusPolicy')['Statement'] as never;
const patternOf = (resources: WrittenResources, prefix: string): Json & { detail: Json } =>
  resourceOf(resources, 'AWS::Events::Rule', prefix)['EventPattern'] as never;

test('all default claims are proven of our own templates, each by statements', () => {
  const proofs = proofsAfter('mergecast-prod', () => {});

  expect(proofs.filter(({ verdict }) => verdict !== 'proven')).toEqual([]);
  expect(proofs).toHaveLength(14);
  for (const proof of proofs) expect(proof.verdict === 'proven' && proof.by.length).toBeGreaterThan(0);
});

test('a start rule that takes any branch is still kept from others by the forwarding rule', () => {
  const proof = proofOf(
    { claim: 'only-branch', environment: 'prod', branch: 'prod' },
    'mergecast-prod',
    (resources) => {
      delete patternOf(resources, 'Intake').detail['branch'];
    },
  );

  expect(proof).toMatchObject({ verdict: 'proven', by: [expect.stringContaining('nobody may put events')] });
});

test('a merge to dev that reaches prod is printed as the event of CodeCommit that begins it', () => {
  const stacks = ownStacks();
  patternOf(stacks.get('mergecast-devops')?.resources ?? {}, 'Forwardingprod').detail['branch'] = [{ prefix: '' }];
  const { templates } = changedTemplates(
    'mergecast-prod',
    (resources) => {
      delete patternOf(resources, 'Intake').detail['branch'];
    },
    stacks,
  );

  const [proof] = prove([{ claim: 'never-branch', environment: 'prod', branch: 'dev' }], templates);

  expect(proof).toMatchObject({
    verdict: 'refuted',
    counterexample: {
      who: 'CodeCommit of account 111111111111',
      event: { source: 'aws.codecommit', detail: { referenceName: 'dev' } },
    },
  });
  expect(proof?.verdict === 'refuted' && proof.counterexample.then.at(-1)).toContain('orders-prod starts');
});

const put = {
  claim: 'put-only-by',
  bus: 'mergecast-prod',
  by: ['arn:aws:iam::111111111111:role/mergecast/mergecast-forward-prod'],
} as const;

test('a bus policy without a role lets another one in, who is named with a call', () => {
  const proof = proofOf(put, 'mergecast-prod', (resources) => {
    delete forwarderStatement(resources).Condition['ArnEquals'];
  });

  expect(proof).toMatchObject({
    verdict: 'refuted',
    counterexample: {
      action: 'events:PutEvents',
      event: { source: 'mergecast.devops' },
      by: ['statement Forwarder of Forwarder (mergecast-prod/IntakePolicyCAF4EBC8)'],
    },
  });
});

test("AWS's own events come over a rule's role, which may be anyone's where the policy does not name it", () => {
  const reporting = { claim: 'put-only-by', bus: 'mergecast-prod', by: put.by } as const;
  const proof = proofOf(reporting, 'mergecast-prod', (resources) => {
    const { Condition } = forwarderStatement(resources);
    delete Condition['ArnEquals'];
    Condition['StringEquals'] = { 'events:source': 'aws.codepipeline' };
  });

  expect(proof).toMatchObject({
    verdict: 'refuted',
    counterexample: {
      does: expect.stringContaining('has a rule put an event on') as string,
      principal: { type: 'role-session' },
      event: { source: 'aws.codepipeline' },
    },
  });
});

test('an organisation is a wall only for those outside of it', () => {
  const withOrganisation = (key: string) => (resources: WrittenResources) => {
    const statement = forwarderStatement(resources);
    statement.Principal = '*';
    statement.Condition = {
      StringEquals: { [key]: 'o-1234567890' },
      StringNotEquals: { 'aws:PrincipalAccount': '444444444444' },
    };
  };

  expect(proofOf(put, 'mergecast-prod', withOrganisation('aws:PrincipalOrgID'))).toMatchObject({
    verdict: 'refuted',
    counterexample: { context: { 'aws:principalorgid': ['o-1234567890'], 'aws:principalaccount': ['999999999999'] } },
  });
});

test('a denial holds against every allowance, unless its condition can fail', () => {
  const denying = (condition: object) => (resources: WrittenResources) => {
    delete forwarderStatement(resources).Condition['ArnEquals'];
    const forwarder = 'arn:aws:iam::111111111111:role/mergecast/mergecast-forward-prod';
    resources['Denial'] = {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: {
        ...{ EventBusName: 'mergecast-prod', StatementId: 'Denial' },
        Statement: {
          ...{ Sid: 'Denial', Effect: 'Deny', Principal: '*', Action: 'events:*', Resource: '*' },
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': forwarder }, ...condition },
        },
      },
    };
  };

  expect(proofOf(put, 'mergecast-prod', denying({}))).toMatchObject({ verdict: 'proven' });
  expect(proofOf(put, 'mergecast-prod', denying({ Bool: { 'aws:SecureTransport': 'false' } }))).toMatchObject({
    verdict: 'refuted',
    counterexample: { context: { 'aws:securetransport': ['true'] } },
  });
});

/** What may start prod's pipelines when 555555555555 may act as their starter under a condition. */
const withTrust = (condition: object) =>
  proofsAfter('mergecast-prod', (resources) => {
    const { Statement } = resourceOf(resources, 'AWS::IAM::Role', 'StartingStarter')['AssumeRolePolicyDocument'] as {
      Statement: object[];
    };
    const principal = { AWS: '555555555555' };
    Statement.push({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition });
  }).find(({ claim }) => claim.claim === 'started-only-by' && claim.environment === 'prod');

test('whoever may act as the starter starts its pipelines', () => {
  expect(withTrust({ StringLike: { 'sts:ExternalId': 'x?' } })).toMatchObject({
    verdict: 'refuted',
    counterexample: {
      action: 'sts:AssumeRole',
      who: expect.stringContaining('anyone of account 555555555555') as string,
      context: { 'sts:externalid': ['xy'] },
    },
  });
});

test('a call never has the keys that only another service gives', () => {
  expect(withTrust({ StringLike: { 'events:source': '*' } })).toMatchObject({ verdict: 'proven' });
  expect(withTrust({ Null: { 'events:source': 'true' } })).toMatchObject({ verdict: 'refuted' });
});

test('what is outside of the decided language is refused by name', () => {
  const asking = (condition: object) => (resources: WrittenResources) =>
    Object.assign(forwarderStatement(resources).Condition, condition);

  expect(proofOf(put, 'mergecast-prod', asking({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining(
      'statement Forwarder of Forwarder (mergecast-prod/IntakePolicyCAF4EBC8) asks for aws:SourceIp with IpAddress',
    ) as string,
  });
  expect(proofOf(put, 'mergecast-prod', asking({ StringLike: { 'aws:userid': '${aws:username}' } }))).toMatchObject({
    verdict: 'refused',
  });
});

test('a rule without dead letters, a pipeline of another branch and one that is missing break what is promised', () => {
  const of = (kind: string, change: (resources: WrittenResources) => void) =>
    proofsAfter('mergecast-prod', change).filter(({ claim, verdict }) => claim.claim === kind && verdict === 'refuted');

  expect(
    of('dead-letters', (resources) => {
      const [target] = resourceOf(resources, 'AWS::Events::Rule', 'Intake')['Targets'] as Json[];
      delete target?.['DeadLetterConfig'];
    }),
  ).toHaveLength(1);
  expect(
    of('as-promised', (resources) => {
      const stages = resourceOf(resources, 'AWS::CodePipeline::Pipeline')['Stages'] as {
        Actions: { Configuration: Json }[];
      }[];
      Object.assign(stages[0]?.Actions[0]?.Configuration ?? {}, { BranchName: 'dev' });
    }),
  ).toHaveLength(1);
});

test('a claims file says where it is wrong', () => {
  expect(() => parseClaims('{"claims":[{"claim":"never-branch","branch":"dev"}]}', 'claims.json')).toThrow(
    /claims\.0\.environment/,
  );
  expect(() => parseClaims('{"claims":[{"claim":"magic"}]}', 'claims.json')).toThrow(
    /ClaimsInvalid: claims\.json: claims\.0/,
  );
  expect(() => parseClaims('[', 'claims.json')).toThrow(/is not JSON/);
});
