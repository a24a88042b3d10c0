import { CfnApplication, CfnDeploymentGroup, EcsApplication, EcsDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { CodeDeployEcsDeployAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { allow } from '../../shared/constructs/allow.ts';
import { deployedStackName } from '../../shared/names.ts';
import { actionRole } from './action-role.ts';
import { alarmMistakes, codeDeployRole, type GoingBack, goingBack } from './deployment-role.ts';
import type { Step, StepContext } from './step.ts';

/** Which service, behind which listener, and how the traffic goes over. */
export interface DeployServiceOptions extends GoingBack {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** The artifact that holds taskdef.json and appspec.yaml, by the stage that makes it. @default - the last build's */
  readonly input?: string;
  /** The ECS cluster and the service in it, which exist already and whose deployments CodeDeploy controls. */
  readonly cluster: string;
  readonly service: string;
  /** ARN of the load balancer's listener that callers use. */
  readonly listenerArn: string;
  /** Names of the two target groups that take turns. */
  readonly targetGroups: readonly [string, string];
  /** One of CodeDeploy's own ways, without its `CodeDeployDefault.ECS`. @default 'AllAtOnce' */
  readonly shift?: 'AllAtOnce' | `Canary10Percent${5 | 15}Minutes` | `Linear10PercentEvery${1 | 3}Minutes`;
  /** How long the old containers stay after the traffic has gone over, in minutes. @default 5 */
  readonly keepOldMinutes?: number;
  /** ARNs of the roles that the task definition names. @default - roles whose names begin as those of the deployed stack: `<repository>/<stack>-*` */
  readonly taskRoles?: readonly string[];
}

/**
 * Deploy: CodeDeploy puts the containers of the artifact's taskdef.json beside those that run, and brings the traffic over: blue/green.
 * The local cloud refuses it by name.
 */
export function deployService(options: DeployServiceOptions): Step {
  const { stage = 'Deploy', input } = options;
  return {
    stage,
    mistakes: [...mistakesIn(options), ...alarmMistakes('deployService', options)],
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const name = makeGroup(context, stage, options);
      const role = actionRole(context, `deploys ${options.service}`);
      allowDeployment(role, context, name, options);
      context.artifacts.grantRead(role, [context.built]);
      const application = EcsApplication.fromEcsApplicationName(context.scope, 'ApplicationByName', name);
      const action = new CodeDeployEcsDeployAction({
        actionName: stage,
        deploymentGroup: EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(context.scope, 'GroupByName', {
          application,
          deploymentGroupName: name,
        }),
        taskDefinitionTemplateInput: context.built,
        appSpecTemplateInput: context.built,
        // CDK would let it hand any role of the account to the containers.
        role: role.withoutPolicyUpdates(),
      });
      return { actions: [action] };
    },
  };
}

function mistakesIn({ listenerArn, targetGroups, keepOldMinutes = 5 }: DeployServiceOptions): readonly string[] {
  return [
    ...(/^arn:aws[a-z-]*:elasticloadbalancing:[^:]+:\d{12}:listener\//.test(listenerArn)
      ? []
      : [`deployService(): '${listenerArn}' is no ARN of a listener: arn:aws:elasticloadbalancing:…:listener/…`]),
    ...(targetGroups[0] === targetGroups[1]
      ? [`deployService(): both target groups are '${targetGroups[0]}': name two that take turns`]
      : []),
    ...(Number.isInteger(keepOldMinutes) && keepOldMinutes >= 0 && keepOldMinutes <= 2880
      ? []
      : [`deployService(): keepOldMinutes is ${keepOldMinutes}: CodeDeploy takes whole minutes up to 2880`]),
  ];
}

function makeGroup(
  { scope, pipelineName, ...context }: StepContext,
  stage: string,
  options: DeployServiceOptions,
): string {
  const name = `${pipelineName}-${stage}`;
  const { cluster, service, listenerArn, targetGroups, shift = 'AllAtOnce', keepOldMinutes = 5 } = options;
  const application = new CfnApplication(scope, 'Application', { applicationName: name, computePlatform: 'ECS' });
  const { roleArn } = makeRole({ scope, pipelineName, ...context }, name, options);
  new CfnDeploymentGroup(scope, 'Group', {
    applicationName: name,
    deploymentGroupName: name,
    deploymentConfigName: `CodeDeployDefault.ECS${shift}`,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' },
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: keepOldMinutes },
    },
    ecsServices: [{ clusterName: cluster, serviceName: service }],
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          prodTrafficRoute: { listenerArns: [listenerArn] },
          targetGroups: targetGroups.map((each) => ({ name: each })),
        },
      ],
    },
    serviceRoleArn: roleArn,
    ...goingBack(options),
  }).addResourceDependency(application);
  return name;
}

/** CodeDeploy's own role: task sets of the one service, the one listener and its rules. */
function makeRole(
  context: StepContext,
  name: string,
  { cluster, service, listenerArn, taskRoles }: DeployServiceOptions,
): Role {
  const { account, region } = context.environment;
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}/${cluster}/${service}`;
  const rules = `${listenerArn.replace(':listener/', ':listener-rule/')}/*`;
  const sets = `${ecs('task-set')}/*`;
  const role = codeDeployRole(context.scope, name, [
    new PolicyStatement({
      sid: 'TaskSets',
      actions: ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet', 'ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'],
      resources: [ecs('service'), sets],
    }),
    new PolicyStatement({
      sid: 'LookAtBalancer',
      actions: ['Listeners', 'Rules', 'TargetGroups'].map((what) => `elasticloadbalancing:Describe${what}`),
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'MoveTraffic',
      actions: ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
      resources: [listenerArn, rules],
    }),
  ]);
  acknowledge(
    role,
    'task sets and rules have ids by chance below their service and listener, and lists cannot be narrowed',
    openEnds([], ['*', sets, rules]),
  );
  allowTaskRoles(role, context, taskRoles);
  return role;
}

/** What the action does itself: it registers the task definition and asks CodeDeploy. */
function allowDeployment(
  role: Role,
  context: StepContext,
  name: string,
  { shift = 'AllAtOnce', taskRoles }: DeployServiceOptions,
): void {
  const { account, region } = context.environment;
  const codedeploy = (resource: string) => `arn:aws:codedeploy:${region}:${account}:${resource}`;
  const asked = ['GetApplication', 'GetApplicationRevision', 'RegisterApplicationRevision'];
  allow(
    role,
    'Application',
    asked.map((each) => `codedeploy:${each}`),
    [codedeploy(`application:${name}`)],
  );
  allow(
    role,
    'Deploy',
    ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
    [codedeploy(`deploymentgroup:${name}/${name}`)],
  );
  allow(
    role,
    'Config',
    ['codedeploy:GetDeploymentConfig'],
    [codedeploy(`deploymentconfig:CodeDeployDefault.ECS${shift}`)],
  );
  allow(role, 'Register', ['ecs:RegisterTaskDefinition'], ['*'], {
    openBecause: 'task definitions are named by the file in the artifact, and the action knows no resource',
  });
  allowTaskRoles(role, context, taskRoles);
}

/** Containers get only roles that the owner names, or those that the environment's boundary holds. */
function allowTaskRoles(
  role: Role,
  { environment: { account, name }, service }: StepContext,
  roles?: readonly string[],
): void {
  const bounded = `arn:aws:iam::${account}:role/${service}/${deployedStackName(service, name)}-*`;
  allow(role, 'HandRolesToTasks', ['iam:PassRole'], roles ?? [bounded], {
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    openBecause: "roles of the deployed stack, which have the boundary, begin with the stack's name",
  });
}
