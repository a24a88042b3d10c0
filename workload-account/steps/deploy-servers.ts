import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  InstanceTagSet,
  type IServerDeploymentConfig,
  ServerApplication,
  ServerDeploymentConfig,
  ServerDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { CodeDeployServerDeployAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { actionRole } from './action-role.ts';
import { alarmMistakes, codeDeployRole, type GoingBack } from './deployment-role.ts';
import type { Step, StepContext } from './step.ts';

/** How many servers get a revision at the same time. */
export type Batches = 'one at a time' | 'half at a time' | 'all at once';

/** How a revision comes to servers. */
export interface DeployServersOptions extends GoingBack {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** A server gets the revision when it has all of these tags; one to three, each with its value. */
  readonly tags: Readonly<Record<string, string>>;
  /** The CodeDeploy application's name. @default - the pipeline's and the stage's: 'orders-prod-Deploy' */
  readonly application?: string;
  /** @default 'one at a time' */
  readonly batches?: Batches;
}

const configs: Readonly<Record<Batches, IServerDeploymentConfig>> = {
  'one at a time': ServerDeploymentConfig.ONE_AT_A_TIME,
  'half at a time': ServerDeploymentConfig.HALF_AT_A_TIME,
  'all at once': ServerDeploymentConfig.ALL_AT_ONCE,
};

/**
 * Deploy: CodeDeploy brings the build's artifact, with its appspec.yml, in place to the tagged servers of the environment's account. The
 * servers run the CodeDeploy agent, and their instance profile may read the artifact bucket and decrypt with its key: the servers are
 * the owner's, and so is that policy.
 */
export function deployServers(options: DeployServersOptions): Step {
  const { stage = 'Deploy' } = options;
  return {
    stage,
    mistakes: mistakesIn(options),
    make: (context) => {
      const action = new CodeDeployServerDeployAction({
        actionName: stage,
        deploymentGroup: deploymentGroup(context, stage, options),
        input: context.built,
        role: actionRole(context, `deploys to the servers of ${stage}`),
      });
      return { actions: [action] };
    },
  };
}

function mistakesIn({ tags, ...options }: DeployServersOptions): readonly string[] {
  const count = Object.keys(tags).length;
  return [
    ...(count < 1 || count > 3
      ? [`deployServers() has ${count} tags: name one to three, as { tags: { app: 'orders' } }`]
      : []),
    ...alarmMistakes('deployServers', options),
  ];
}

function deploymentGroup(
  { scope, pipelineName }: StepContext,
  stage: string,
  { tags, application, batches = 'one at a time', rollBack = true, alarms = [] }: DeployServersOptions,
): ServerDeploymentGroup {
  const applicationName = application ?? `${pipelineName}-${stage}`;
  const role = codeDeployRole(scope, applicationName, [
    new PolicyStatement({
      sid: 'FindServers',
      actions: ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', 'tag:GetResources'],
      resources: ['*'],
    }),
  ]);
  acknowledge(role, 'lists of servers and tags, which IAM cannot narrow to some of them', openEnds([], ['*']));
  return new ServerDeploymentGroup(scope, 'Group', {
    application: new ServerApplication(scope, 'Application', { applicationName }),
    deploymentGroupName: applicationName,
    deploymentConfig: configs[batches],
    ec2InstanceTags: new InstanceTagSet(...Object.entries(tags).map(([key, value]) => ({ [key]: [value] }))),
    // CDK would attach AWSCodeDeployRole, which may also terminate instances.
    role: role.withoutPolicyUpdates(),
    alarms: alarms.map((name) => Alarm.fromAlarmName(scope, `Alarm-${name}`, name)),
    autoRollback: {
      failedDeployment: rollBack,
      ...(rollBack && alarms.length > 0 ? { deploymentInAlarm: true } : {}),
    },
  });
}
