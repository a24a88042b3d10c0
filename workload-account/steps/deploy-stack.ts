import { CfnCapabilities } from 'aws-cdk-lib';
import { CloudFormationCreateUpdateStackAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { ArnPrincipal, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { allow } from '../../shared/constructs/allow.ts';
import { boundaryArn, deployedStackName } from '../../shared/names.ts';
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
  /** ARN of the permissions boundary that every role of the template must have. @default - `mergecast-<environment>-boundary`, see Boundary */
  readonly boundary?: string;
}

/**
 * Deploy: CloudFormation creates or updates the stack `<repository>-<environment>`. The template gets the parameters Stage, CodeBucket
 * and CodeKey: the environment's name and where the build's artifact lies. Its roles must name the environment's permissions boundary.
 */
export function deployStack(options: DeployStackOptions): Step {
  const { stage = 'Deploy', template = 'template.yaml', parameters = {} } = options;
  return {
    stage,
    make: (context) => {
      const deploymentRole = makeDeploymentRole(context, options);
      const action = new CloudFormationCreateUpdateStackAction({
        actionName: stage,
        stackName: deployedStackName(context.repository, context.environment.name),
        role: makeActionRole(context),
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

/** What the action acts as: it may create and update the one stack, and hand CloudFormation the role below. CDK allows it so. */
function makeActionRole({ scope, environment, repository, pipelineRole }: StepContext): Role {
  const { account, region, name } = environment;
  const role = new Role(scope, 'ActionRole', {
    description: `Pipeline ${repository}-${name} has CloudFormation deploy as this role`,
    assumedBy: new ArnPrincipal(pipelineRole.roleArn),
  });
  const stack = `arn:aws:cloudformation:${region}:${account}:stack/${deployedStackName(repository, name)}/*`;
  const reads = ['cloudformation:DescribeStack*', 'cloudformation:GetTemplate*'];
  acknowledge(role, 'a stack has an id by chance after its name, and the reads end with it', openEnds(reads, [stack]));
  return role;
}

/**
 * What CloudFormation acts as: it may make functions, roles and log groups whose names begin with the stack's, and hand those roles to
 * Lambda. It can give policies only to roles that have the boundary, and cannot take the boundary away.
 */
function makeDeploymentRole(context: StepContext, { permissions = [], boundary }: DeployStackOptions): Role {
  const { scope, environment, repository, bucket, key } = context;
  // No condition on the trust: it is not documented that CloudFormation names its source, and IAM hands roles over within an account only.
  const role = new Role(scope, 'DeploymentRole', {
    path: `/mergecast/${environment.name}/deployment/`,
    description: `CloudFormation deploys ${repository} to ${environment.name} as this role`,
    assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
  });
  allowFunctions(role, context);
  allowRoles(role, context, boundary ?? boundaryArn(environment));
  bucket.grantRead(role);
  key.grantDecrypt(role);
  for (const statement of permissions) role.addToPolicy(statement);
  return role;
}

const openBecause = "the stack's parts are not there yet, and their names begin with the stack's";

function allowFunctions(role: Role, { environment: { account, region, name }, repository }: StepContext): void {
  const stack = deployedStackName(repository, name);
  const functions = `arn:aws:lambda:${region}:${account}:function:${stack}`;
  const groups = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${stack}`;
  allow(role, 'Functions', actionsOf('lambda', functionActions), [functions, `${functions}-*`], { openBecause });
  allow(role, 'Logs', actionsOf('logs', logActions), [groups, `${groups}:*`, `${groups}-*`], { openBecause });
  allow(role, 'FindLogs', ['logs:DescribeLogGroups'], [`arn:aws:logs:${region}:${account}:log-group:*`], {
    openBecause: 'the list of log groups cannot be narrowed: the action knows no resource below the account',
  });
}

function allowRoles(role: Role, { environment: { account, name }, repository }: StepContext, boundary: string): void {
  const roles = [`arn:aws:iam::${account}:role/${repository}/${deployedStackName(repository, name)}-*`];
  allow(role, 'Roles', actionsOf('iam', roleActions), roles, { openBecause });
  allow(role, 'BoundedRoles', actionsOf('iam', boundedRoleActions), roles, {
    conditions: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
    openBecause,
  });
  allow(role, 'HandRolesToLambda', ['iam:PassRole'], roles, {
    conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    openBecause,
  });
}

const actionsOf = (service: string, names: string): string[] => names.split(' ').map((name) => `${service}:${name}`);

const functionActions =
  'CreateFunction DeleteFunction GetFunction GetFunctionConfiguration ListTags TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration';
const roleActions = 'DeleteRole GetRole GetRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole';
const boundedRoleActions =
  'CreateRole PutRolePermissionsBoundary PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy';
const logActions =
  'CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource';
