import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allow } from '../../shared/constructs/allow.ts';

/** What CodeDeploy acts as for one deployment group: it looks at alarms, and does what the statements say. CDK would take AWS's own policies, which allow more. */
export function codeDeployRole(scope: Construct, group: string, statements: readonly PolicyStatement[]): Role {
  const role = new Role(scope, 'DeploymentRole', {
    description: `CodeDeploy deploys to ${group} as this role`,
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
  });
  allow(role, 'LookAtAlarms', ['cloudwatch:DescribeAlarms'], ['*'], {
    openBecause: 'the list of alarms, which IAM cannot narrow to some of them',
  });
  for (const statement of statements) role.addToPolicy(statement);
  return role;
}

/** How a deployment group goes back, and what stops its deployments. */
export interface GoingBack {
  /** A deployment that fails, or that an alarm stops, brings the last good revision back. @default true */
  readonly rollBack?: boolean;
  /** Names of CloudWatch alarms of the account that stop a deployment. @default - none */
  readonly alarms?: readonly string[];
}

/** The same, as a deployment group of CloudFormation says it. */
export const goingBack = ({ rollBack = true, alarms = [] }: GoingBack) => ({
  autoRollbackConfiguration: {
    enabled: rollBack,
    ...(rollBack ? { events: ['DEPLOYMENT_FAILURE', ...(alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : [])] } : {}),
  },
  ...(alarms.length === 0 ? {} : { alarmConfiguration: { enabled: true, alarms: alarms.map((name) => ({ name })) } }),
});

/** What is wrong with it. Source: the limits page of the CodeDeploy guide. */
export const alarmMistakes = (step: string, { alarms = [] }: GoingBack): readonly string[] =>
  alarms.length > 10 ? [`${step}() has ${alarms.length} alarms, and CodeDeploy takes 10`] : [];
