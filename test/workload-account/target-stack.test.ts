import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../workload-account/owner-file.ts';
import { type Pipeline, pipeline } from '../../workload-account/pipeline-definition.ts';
import { appOfFolder, organisationFile } from '../synthesis.ts';

interface Statement {
  readonly Sid?: string;
  readonly Principal?: unknown;
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

const target = { name: 'staging', account: '222222222222', region: 'eu-west-1' };

test('the roles of another account are for the one pipeline, and the artifacts of that pipeline for those roles', async () => {
  process.env['CDK_VALIDATION'] = 'false';
  const assembly = (await appOfFolder(join(import.meta.dirname, '..', '..', 'examples', 'central-pipeline'))).synth();
  const of = (stack: string, type: string) =>
    Object.values((assembly.getStackByName(stack).template as Template).Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties);

  const deployer = of('mergecast-staging', 'AWS::IAM::Role').find(
    ({ RoleName }) => RoleName === 'orders-staging-deployer',
  );
  const trust = (deployer?.['AssumeRolePolicyDocument'] as { Statement: Statement[] }).Statement;
  const bucket = of('mergecast-release', 'AWS::S3::BucketPolicy').flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement,
  );
  const admitted = bucket.filter(({ Sid }) => Sid?.startsWith('Target'));

  expect(trust.map(({ Condition }) => Condition)).toEqual([
    {
      ArnLike: {
        'aws:PrincipalArn': [
          'arn:aws:iam::111111111111:role/mergecast/release/pipeline/orders-release',
          'arn:aws:iam::111111111111:role/mergecast/release/deploying/orders-release-*',
        ],
      },
    },
  ]);
  expect(admitted).toHaveLength(4);
  expect(admitted[0]).toMatchObject({
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Condition: {
      ArnEquals: {
        'aws:PrincipalArn': [
          'arn:aws:iam::222222222222:role/mergecast/staging/central/orders-staging-deployer',
          'arn:aws:iam::222222222222:role/mergecast/staging/deployment/orders-staging-deployment',
        ],
      },
    },
  });
  expect(JSON.stringify(admitted[0]?.Resource)).toContain('/orders-release/*');
  expect(of('mergecast-staging', 'AWS::IAM::ManagedPolicy').map((each) => each['ManagedPolicyName'])).toEqual([
    'mergecast-staging-boundary',
  ]);
});

const built = pipeline('orders').build();

test.each<[string, Pipeline, RegExp]>([
  [
    'CodeBuild for the own account',
    built.deployStack({ by: 'CodeBuild' }),
    /is for another account: say which with at/,
  ],
  [
    'an own boundary elsewhere',
    built.deployStack({ at: target, boundary: 'arn:aws:iam::2:policy/x' }),
    /stage 'Deploy': deployStack\(\): boundary is of no use with at: the stack of staging says what is allowed there/,
  ],
  ['an account of 3 digits', built.deployStack({ at: { ...target, account: '222' } }), /at.account is '222': give 12/],
  ['a name in capitals', built.deployStack({ at: { ...target, name: 'QA' } }), /at.name is 'QA': give lower-case/],
])('%s is refused', (_, definition, words) => {
  const [dev] = parseOrganisation(organisationFile).environments;

  expect(() => checkedPipelines(dev as never, [definition])).toThrow(words);
});
