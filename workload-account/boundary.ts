import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, openEnds } from '../shared/constructs/acknowledge.ts';
import { boundaryName } from '../shared/names.ts';
import type { Environment } from '../shared/organisation-schema.ts';

/**
 * Run's fence: the permissions boundary of every role that an environment's pipelines deploy. Who merges decides what a function does,
 * and could have it start a pipeline, rewrite a rule or become an administrator; what stands here is denied, whatever policies the
 * function's role has. The boundary allows nothing by itself.
 */
export class Boundary extends Construct {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const own = new PolicyStatement({ sid: 'OwnPoliciesDecide', actions: ['*'], resources: ['*'] });
    const statements = [own, ...denials(environment)];
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: boundaryName(environment.name),
      description: `What the pipelines of ${environment.name} deploy may never do, whatever its own policies say`,
      statements,
    });
    const open = statements.flatMap(({ actions, resources }) => openEnds(actions, resources));
    acknowledge(this, 'a boundary allows nothing, it only takes away', open);
  }
}

function denials({ account, region }: Environment): readonly PolicyStatement[] {
  const own = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  return [
    deny('Identities', ['iam:*', 'organizations:*', 'account:*']),
    // A session of another role would not be bounded.
    deny('OtherRoles', ['sts:AssumeRole'], [`arn:aws:iam::${account}:role/*`]),
    deny('Delivery', actionsOf(delivery)),
    deny('Keys', actionsOf({ kms: keyChanges })),
    deny(
      'Route',
      routeServices.map((service) => `${service}:*`),
      [
        own('events', 'event-bus/mergecast*'),
        own('events', 'rule/mergecast*'),
        own('lambda', 'function:mergecast*'),
        own('dynamodb', 'table/mergecast*'),
        own('sqs', 'mergecast*'),
        own('sns', 'mergecast*'),
        own('scheduler', 'schedule/mergecast*'),
        own('cloudwatch', 'alarm:mergecast*'),
        own('logs', 'log-group:/aws/*/mergecast*'),
        'arn:aws:s3:::mergecast*',
      ],
    ),
  ];
}

const deny = (sid: string, actions: readonly string[], resources: readonly string[] = ['*']): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, actions: [...actions], resources: [...resources] });

const actionsOf = (changes: Readonly<Record<string, string>>): string[] =>
  Object.entries(changes).flatMap(([service, names]) => names.split(' ').map((name) => `${service}:${name}`));

/** What starts, shapes and lets pass a delivery. Looking is free, and so is the answer of a function that a pipeline or a deployment calls. */
const delivery = {
  codepipeline:
    'StartPipelineExecution StopPipelineExecution RetryStageExecution RollbackStage PutApprovalResult OverrideStageCondition EnableStageTransition DisableStageTransition CreatePipeline UpdatePipeline DeletePipeline',
  codebuild: 'Start* Stop* Retry* Create* Update* Delete*',
  codedeploy: 'Create* Continue* Stop* Update* Delete*',
  cloudformation: 'Create* Update* Delete* Execute* Continue* Rollback* Set*',
};

const keyChanges = 'PutKeyPolicy CreateGrant DisableKey ScheduleKeyDeletion CreateAlias UpdateAlias DeleteAlias';

const routeServices = ['events', 'lambda', 'dynamodb', 'sqs', 'sns', 'scheduler', 'cloudwatch', 'logs', 's3'];
