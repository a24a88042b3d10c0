import { CfnCapabilities } from 'aws-cdk-lib';
import {
  CloudFormationCreateReplaceChangeSetAction,
  CloudFormationCreateUpdateStackAction,
  CloudFormationExecuteChangeSetAction,
  ManualApprovalAction,
} from 'aws-cdk-lib/aws-codepipeline-actions';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { allow } from '../../shared/constructs/allow.ts';
import { boundaryArn, deployedStackName } from '../../shared/names.ts';
import { actionRole } from './action-role.ts';
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
  /** True: a change set is made first and carried out then, so that it can be looked at. @default false */
  readonly changeSet?: boolean;
  /** The question to a person who looks at the change set before it is carried out. @default - nobody is asked */
  readonly look?: string;
  /** ARN of the permissions boundary that every role of the template must have. @default - `mergecast-<environment>-boundary`, see Boundary */
  readonly boundary?: string;
}

/**
 * Deploy: CloudFormation creates or updates the stack `<repository>-<environment>`. The template gets the parameters Stage, CodeBucket
 * and CodeKey: the environment's name and where the build's artifact lies. Its roles must name the environment's permissions boundary.
 */
export function deployStack(options: DeployStackOptions = {}): Step {
  const { stage = 'Deploy' } = options;
  return {
    stage,
    make: (context) => {
      const stackName = deployedStackName(context.repository, context.environment.name);
      const role = makeActionRole(context);
      const target = { stackName, role };
      const deployment = deploymentOf(context, options);
      if (options.changeSet !== true && options.look === undefined)
        return {
          actions: [new CloudFormationCreateUpdateStackAction({ actionName: stage, ...target, ...deployment })],
        };
      const changeSetName = `${context.pipelineName}-changes`;
      const prepare = { actionName: `${stage}-Prepare`, runOrder: 1, changeSetName, ...target, ...deployment };
      const execute = { actionName: stage, runOrder: 3, changeSetName, ...target };
      return {
        actions: [
          new CloudFormationCreateReplaceChangeSetAction(prepare),
          ...(options.look === undefined ? [] : [makeLook(options.look, `${stage}-Look`)]),
          new CloudFormationExecuteChangeSetAction(execute),
        ],
      };
    },
  };
}

/** Asks a person between the two halves of a change set. */
const makeLook = (question: string, actionName: string) =>
  new ManualApprovalAction({ actionName, runOrder: 2, additionalInformation: question });

/** What CloudFormation makes the stack from. */
function deploymentOf(context: StepContext, options: DeployStackOptions) {
  const { template = 'template.yaml', parameters = {} } = options;
  const { built, environment } = context;
  return {
    templatePath: built.atPath(template),
    adminPermissions: false,
    deploymentRole: makeDeploymentRole(context, options),
    cfnCapabilities: [CfnCapabilities.NAMED_IAM],
    parameterOverrides: {
      Stage: environment.name,
      CodeBucket: built.bucketName,
      CodeKey: built.objectKey,
      ...parameters,
    },
  };
}

/** It may create and update the one stack, and hand CloudFormation the role below. CDK allows it so. */
function makeActionRole(context: StepContext): Role {
  const { account, region, name } = context.environment;
  const role = actionRole(context, 'has CloudFormation deploy');
  const stack = `arn:aws:cloudformation:${region}:${account}:stack/${deployedStackName(context.repository, name)}/*`;
  const reads = ['cloudformation:DescribeStack*', 'cloudformation:GetTemplate*'];
  acknowledge(role, 'a stack has an id by chance after its name, and the reads end with it', openEnds(reads, [stack]));
  return role;
}

/**
 * What CloudFormation acts as: it may make functions, roles and log groups whose names begin with the stack's, and hand those roles to
 * Lambda. It can give policies only to roles that have the boundary, and cannot take the boundary away.
 */
function makeDeploymentRole(context: StepContext, { permissions = [], boundary }: DeployStackOptions): Role {
  const { scope, environment, repository, artifacts, built } = context;
  // No condition on the trust: it is not documented that CloudFormation names its source, and IAM hands roles over within an account only.
  const role = new Role(scope, 'DeploymentRole', {
    path: `/mergecast/${environment.name}/deployment/`,
    description: `CloudFormation deploys ${repository} to ${environment.name} as this role`,
    assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
  });
  allowFunctions(role, context);
  allowRoles(role, context, boundary ?? boundaryArn(environment));
  artifacts.grantRead(role, [built]);
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
