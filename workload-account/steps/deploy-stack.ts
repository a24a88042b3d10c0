import { CfnCapabilities } from 'aws-cdk-lib';
import { CloudFormationCreateUpdateStackAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { deployedStackName } from '../../shared/names.ts';
import type { Step, StepContext } from './step.ts';

/** How a stack is deployed. */
export interface DeployStackOptions {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** Path in the build's artifact. @default 'template.yaml' */
  readonly template?: string;
  /** Template parameters beyond Stage, CodeBucket and CodeKey, which every template gets. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What CloudFormation may do here beyond functions, roles and log groups of the repository's own name. */
  readonly permissions?: readonly PolicyStatement[];
}

/**
 * Deploy: CloudFormation creates or updates the stack `<repository>-<environment>`. The template gets the parameters Stage, CodeBucket
 * and CodeKey: the environment's name and where the build's artifact lies.
 */
export function deployStack({
  stage = 'Deploy',
  template = 'template.yaml',
  parameters = {},
  permissions = [],
}: DeployStackOptions): Step {
  return {
    stage,
    make: (context) => {
      const deploymentRole = makeDeploymentRole(context, permissions);
      const action = new CloudFormationCreateUpdateStackAction({
        actionName: stage,
        stackName: deployedStackName(context.repository, context.environment.name),
        templatePath: context.built.atPath(template),
        adminPermissions: false,
        deploymentRole,
        cfnCapabilities: [CfnCapabilities.NAMED_IAM],
        parameterOverrides: {
          Stage: context.environment.name,
          CodeBucket: context.built.bucketName,
          CodeKey: context.built.objectKey,
          ...parameters,
        },
      });
      return { actions: [action] };
    },
  };
}

/** What CloudFormation acts as: it may make functions, roles and log groups of the repository's name, and hand those roles to Lambda. */
function makeDeploymentRole(
  { scope, environment, repository, pipelineName, bucket, key }: StepContext,
  permissions: readonly PolicyStatement[],
): Role {
  const { account, region } = environment;
  const role = new Role(scope, 'DeploymentRole', {
    path: `/mergecast/${environment.name}/deployment/`,
    roleName: `${pipelineName}-deploy`,
    description: `CloudFormation deploys ${repository} to ${environment.name} as this role`,
    assumedBy: new ServicePrincipal('cloudformation.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  });
  const roles = `arn:aws:iam::${account}:role/${repository}/*`;
  const allow = (sid: string, actions: string[], resources: string[], conditions = {}) =>
    role.addToPolicy(new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources, conditions }));
  allow(
    'Functions',
    [
      'CreateFunction',
      'DeleteFunction',
      'GetFunction',
      'GetFunctionConfiguration',
      'ListTags',
      'TagResource',
      'UntagResource',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
    ].map((name) => `lambda:${name}`),
    [`arn:aws:lambda:${region}:${account}:function:${repository}-*`],
  );
  allow(
    'Roles',
    [
      'CreateRole',
      'DeleteRole',
      'DeleteRolePolicy',
      'GetRole',
      'GetRolePolicy',
      'PutRolePolicy',
      'TagRole',
      'UntagRole',
      'UpdateAssumeRolePolicy',
      'UpdateRole',
    ].map((name) => `iam:${name}`),
    [roles],
  );
  allow('HandRolesToLambda', ['iam:PassRole'], [roles], {
    StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
  });
  allow(
    'Logs',
    [
      'CreateLogGroup',
      'DeleteLogGroup',
      'DeleteRetentionPolicy',
      'ListTagsForResource',
      'PutRetentionPolicy',
      'TagResource',
      'UntagResource',
    ].map((name) => `logs:${name}`),
    [`arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${repository}-*`],
  );
  // The list of log groups cannot be narrowed: DescribeLogGroups knows no resource below the account.
  allow('FindLogs', ['logs:DescribeLogGroups'], [`arn:aws:logs:${region}:${account}:log-group:*`]);
  bucket.grantRead(role);
  key.grantDecrypt(role);
  for (const statement of permissions) role.addToPolicy(statement);
  return role;
}
