import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, type Statement, statementsOf, synthesized, templateOf } from '../synthesis.ts';

interface Stage {
  readonly Name: string;
  readonly Actions: readonly Record<string, unknown>[];
}

const stagesOf = (template: Parameters<typeof resourcesOf>[0]) =>
  Object.values(resourcesOf(template, 'AWS::CodePipeline::Pipeline'))[0]?.Properties['Stages'] as readonly Stage[];

describe('the default pipelines', () => {
  test.each([
    ['dev', 'SUPERSEDED', ['Source', 'Build', 'Deploy']],
    ['staging', 'SUPERSEDED', ['Source', 'Build', 'Deploy']],
    ['prod', 'QUEUED', ['Source', 'Build', 'Approve', 'Deploy']],
  ])('%s: %s', (environment, mode, stages) => {
    const template = templateOf(`mergecast-${environment}`);

    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Name: `orders-${environment}`,
      PipelineType: 'V2',
      ExecutionMode: mode,
    });
    expect(stagesOf(template).map(({ Name }) => Name)).toEqual(stages);
  });
});

const template = templateOf('mergecast-prod');

test('only the starter starts it: the source neither polls nor listens, and reads through the DevOps role', () => {
  expect(stagesOf(template)[0]?.Actions).toMatchObject([
    {
      Name: 'Source',
      RoleArn: 'arn:aws:iam::111111111111:role/mergecast/mergecast-source-prod',
      Configuration: { RepositoryName: 'orders', BranchName: 'prod', PollForSourceChanges: false },
    },
  ]);
  const rules = JSON.stringify(resourcesOf(template, 'AWS::Events::Rule'));
  expect(rules).not.toContain('aws.codecommit');
});

test('its variables have a default, so that the run on creation does not fail', () => {
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Variables: [
      ...['generation', 'mergeId', 'author', 'title'].map((Name) => Match.objectLike({ Name, DefaultValue: 'none' })),
    ],
  });
});

test('it runs as a role under the path that the DevOps account trusts, for this pipeline only', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'orders-prod',
    Path: '/mergecast/prod/pipeline/',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'codepipeline.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '444444444444' },
            ArnEquals: { 'aws:SourceArn': 'arn:aws:codepipeline:eu-west-1:444444444444:orders-prod' },
          },
        }),
      ],
    },
  });
});

test("it may assume the source role and its actions' roles, and no other", () => {
  const assumed = statementsOf(template, 'orders-prod').filter(({ Action }) => Action === 'sts:AssumeRole');

  const [statement] = assumed;
  expect(assumed).toHaveLength(1);
  expect(statement?.Resource).toHaveLength(4);
  expect(JSON.stringify(statement?.Resource)).not.toContain('*');
});

test("the build runs the repository's buildspec, and its log is kept for a year", () => {
  template.hasResourceProperties('AWS::CodeBuild::Project', {
    Name: 'orders-prod-build',
    Source: { Type: 'CODEPIPELINE', BuildSpec: 'buildspec.yml' },
    Environment: Match.objectLike({
      PrivilegedMode: false,
      EnvironmentVariables: [{ Name: 'STAGE', Type: 'PLAINTEXT', Value: 'prod' }],
    }),
    EncryptionKey: Match.anyValue(),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/codebuild/orders-prod-build',
    RetentionInDays: 365,
  });
});

test('the stack is deployed from the built template, and told where its code lies', () => {
  const [deploy] = stagesOf(template)[3]?.Actions ?? [];
  const { ParameterOverrides, ...configuration } = deploy?.['Configuration'] as Record<string, string>;

  expect(configuration).toMatchObject({
    ActionMode: 'CREATE_UPDATE',
    StackName: 'orders-prod',
    TemplatePath: 'Build::template.yaml',
    Capabilities: 'CAPABILITY_NAMED_IAM',
  });
  expect(JSON.parse(ParameterOverrides ?? '')).toEqual({
    Stage: 'prod',
    CodeBucket: { 'Fn::GetArtifactAtt': ['Build', 'BucketName'] },
    CodeKey: { 'Fn::GetArtifactAtt': ['Build', 'ObjectKey'] },
  });
});

test("CloudFormation may make what bears the stack's name, and hand roles to Lambda only", () => {
  const deployment = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).find(([id]) =>
    id.includes('DeploymentRole'),
  )?.[1];
  const { Statement } = deployment?.Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] };
  const bySid = Object.fromEntries(Statement.map((each) => [String(each['Sid']), each]));

  expect(bySid['Functions']?.['Resource']).toEqual([
    'arn:aws:lambda:eu-west-1:444444444444:function:orders-prod',
    'arn:aws:lambda:eu-west-1:444444444444:function:orders-prod-*',
  ]);
  expect(bySid['Roles']?.['Resource']).toBe('arn:aws:iam::444444444444:role/orders/orders-prod-*');
  expect(bySid['HandRolesToLambda']).toMatchObject({
    Action: 'iam:PassRole',
    Resource: 'arn:aws:iam::444444444444:role/orders/orders-prod-*',
    Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  });
});

test('two roles of one account never bear one name', () => {
  const names = Object.values(resourcesOf(template, 'AWS::IAM::Role'))
    .map(({ Properties }) => Properties['RoleName'])
    .filter((name) => name !== undefined);

  expect(new Set(names).size).toBe(names.length);
});

test('an owner says stages, options and own permissions in one sentence', () => {
  const prod = pipeline('orders')
    .build({ stage: 'Test', buildspec: 'test.yml', environment: { LEVEL: 'full' }, timeoutMinutes: 5 })
    .approve('Sure?', { stage: 'Ask' })
    .deployStack({ stage: 'Release', template: 'cfn/app.json', parameters: { Size: 'large' } });

  const changed = synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod') ?? template;

  expect(stagesOf(changed).map(({ Name }) => Name)).toEqual(['Source', 'Test', 'Ask', 'Release']);
  expect(stagesOf(changed)[3]?.Actions[0]?.['Configuration']).toMatchObject({ TemplatePath: 'Test::cfn/app.json' });
  expect(JSON.stringify(stagesOf(changed)[3])).toContain('\\"Size\\":\\"large\\"');
  changed.hasResourceProperties('AWS::CodeBuild::Project', {
    Name: 'orders-prod-test',
    Source: { BuildSpec: 'test.yml' },
    TimeoutInMinutes: 5,
    Environment: { EnvironmentVariables: Match.arrayWith([{ Name: 'LEVEL', Type: 'PLAINTEXT', Value: 'full' }]) },
  });
});

describe("a pipeline's artifacts", () => {
  const file = { ...organisationFile, repositories: [{ name: 'orders' }, { name: 'warehouse-of-the-world' }] };
  const policiesOf = () =>
    Object.entries(resourcesOf(synthesized(file, {}, 'dev').get('mergecast-dev') ?? template, 'AWS::IAM::Policy'));
  /** Which objects the roles of that beginning may touch, by action. */
  const objectsOf = (policies: ReturnType<typeof policiesOf>, beginning: string, action: string) =>
    policies
      .filter(([id]) => id.startsWith(beginning))
      .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
      .filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource }) => JSON.stringify(Resource).match(/(?<=")\/[^"]*/g) ?? []);

  test.each([
    ['Pipelineorders', '/orders-dev'],
    // CodePipeline cuts the name that begins the keys to 20 characters.
    ['Pipelinewarehouseoftheworld', '/warehouse-of-the-wor*'],
  ])('%s: a build reads the source and writes its own, a deployment reads what was built', (id, folder) => {
    const [build, deployment] = [`${id}Build`, `${id}Deploy`];
    const policies = policiesOf();

    expect(objectsOf(policies, build, 's3:GetObject')).toEqual([`${folder}/Source/*`]);
    expect(objectsOf(policies, build, 's3:PutObject')).toEqual([`${folder}/Build/*`]);
    expect(new Set(objectsOf(policies, deployment, 's3:GetObject'))).toEqual(new Set([`${folder}/Build/*`]));
    expect(objectsOf(policies, deployment, 's3:PutObject')).toEqual([]);
    expect(objectsOf(policies, id, 's3:GetObject*')).toEqual([`${folder}/*`]);
  });

  test('nobody in a stage lists or deletes them', () => {
    const steps = policiesOf().filter(([id]) => /^Pipeline\w+(?:Build|Deploy)/.test(id));
    const actions = steps.flatMap(([, { Properties }]) =>
      (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.flatMap(({ Action }) => Action),
    );

    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(actions.filter((action) => /^s3:(?:\*|List|Delete)/.test(String(action)))).toEqual([]);
  });
});
