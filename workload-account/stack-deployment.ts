import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allow } from '../shared/constructs/allow.ts';
import { boundaryArn, deployedStackName, type NamedEnvironment, type RoleAddress } from '../shared/names.ts';

/** What the deployment of a service's stack may do in an account. */
export interface StackDeployment {
  /** Where the stack is, and what its names end with. */
  readonly environment: NamedEnvironment;
  readonly service: string;
  /** What CloudFormation may do here beyond functions, roles and log groups of the repository's own name. */
  readonly permissions?: readonly PolicyStatement[] | undefined;
  /** ARN of the permissions boundary that every role of the template must have. @default - `mergecast-<environment>-boundary` */
  readonly boundary?: string | undefined;
}

/**
 * What CloudFormation acts as: it may make functions, roles and log groups whose names begin with the stack's, and hand those roles to
 * Lambda. It can give policies only to roles that have the boundary, and cannot take the boundary away. Reading the artifact is for the
 * caller to allow.
 */
export function makeDeploymentRole(scope: Construct, deployment: StackDeployment, address?: RoleAddress): Role {
  const { environment, service, permissions = [], boundary = boundaryArn(environment) } = deployment;
  // No condition on the trust: it is not documented that CloudFormation names its source, and IAM hands roles over within an account only.
  const role = new Role(scope, 'DeploymentRole', {
    path: address?.path ?? `/mergecast/${environment.name}/deployment/`,
    ...(address === undefined ? {} : { roleName: address.roleName }),
    description: `CloudFormation deploys ${service} to ${environment.name} as this role`,
    assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
  });
  allowFunctions(role, environment, service);
  allowRoles(role, environment, service, boundary);
  for (const statement of permissions) role.addToPolicy(statement);
  return role;
}

const openBecause = "the stack's parts are not there yet, and their names begin with the stack's";

function allowFunctions(role: Role, { account, region, name }: NamedEnvironment, service: string): void {
  const stack = deployedStackName(service, name);
  const functions = `arn:aws:lambda:${region}:${account}:function:${stack}`;
  const groups = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${stack}`;
  allow(role, 'Functions', actionsOf('lambda', functionActions), [functions, `${functions}-*`], { openBecause });
  allow(role, 'Logs', actionsOf('logs', logActions), [groups, `${groups}:*`, `${groups}-*`], { openBecause });
  allow(role, 'FindLogs', ['logs:DescribeLogGroups'], [`arn:aws:logs:${region}:${account}:log-group:*`], {
    openBecause: 'the list of log groups cannot be narrowed: the action knows no resource below the account',
  });
}

function allowRoles(role: Role, { account, name }: NamedEnvironment, service: string, boundary: string): void {
  const roles = [`arn:aws:iam::${account}:role/${service}/${deployedStackName(service, name)}-*`];
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
