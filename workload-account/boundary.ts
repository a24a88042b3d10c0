import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, openEnds } from '../shared/constructs/acknowledge.ts';
import { boundaryName, type NamedEnvironment } from '../shared/names.ts';

/**
 * Run's fence: the permissions boundary of every role that an environment's pipelines deploy. Who merges decides what a function does,
 * and could have it start a pipeline, rewrite a rule or become an administrator; what is denied here, and what is not allowed, it cannot
 * do, whatever policies its role has. The boundary gives nobody anything by itself. Decision 7 says what it leaves open.
 */
export class Boundary extends Construct {
  constructor(scope: Construct, id: string, environment: NamedEnvironment) {
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

function denials({ account, region }: NamedEnvironment): readonly PolicyStatement[] {
  const own = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  return [
    deny('Identities', ['iam:*', 'organizations:*', 'account:*']),
    deny('Delivery', actionsOf(delivery)),
    // A session of another role would not be bounded.
    deny(
      'OtherRoles',
      ['sts:AssumeRole'],
      [`arn:aws:iam::${account}:role/*`, 'arn:aws:iam::*:role/mergecast/*', 'arn:aws:iam::*:role/cdk-*'],
    ),
    // Neither would code in a function or on a server of somebody else. What is about whole accounts knows no resource to name.
    deny('Others', actionsOf(others)),
    deny('Keys', actionsOf(keyChanges)),
    deny(
      'Route',
      routeServices.map((service) => `${service}:*`),
      [
        own('events', 'event-bus/mergecast*'),
        own('events', 'rule/mergecast*'),
        own('events', 'archive/mergecast*'),
        own('lambda', 'function:mergecast*'),
        own('dynamodb', 'table/mergecast*'),
        own('sqs', 'mergecast*'),
        own('sns', 'mergecast*'),
        own('scheduler', 'schedule/mergecast*'),
        own('scheduler', 'schedule-group/mergecast*'),
        own('cloudwatch', 'alarm:mergecast*'),
        own('logs', 'log-group:/aws/*/mergecast*'),
        own('logs', 'log-group:/aws/codebuild/*'),
        own('logs', 'log-group:/aws/codepipeline/*'),
        own('ssm', 'parameter/cdk-bootstrap/*'),
        'arn:aws:s3:::mergecast*',
        'arn:aws:s3:::cdk-*',
      ],
    ),
  ];
}

const deny = (sid: string, actions: readonly string[], resources: readonly string[] = ['*']): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, actions: [...actions], resources: [...resources] });

const actionsOf = (names: Readonly<Record<string, string>>): string[] =>
  Object.entries(names).flatMap(([service, texts]) => texts.split(' ').map((text) => `${service}:${text}`));

/**
 * All that makes, starts, shapes and lets pass a delivery, or tells where its artifacts lie. What stays is the answer of a function that
 * a pipeline, a deployment or a stack calls, and what a stack says of itself.
 */
const delivery = {
  codepipeline:
    'Acknowledge* Create* Delete* Deregister* Disable* Enable* Get* List* Override* Poll* PutA* PutT* PutW* Register* Retry* Rollback* Start* Stop* Tag* Untag* Update*',
  codebuild: '*',
  codedeploy:
    'Add* Batch* Continue* Create* Delete* Deregister* Get* List* Register* Remove* Skip* Stop* Tag* Untag* Update*',
  cloudformation:
    'Activate* Cancel* Continue* Create* Deactivate* Delete* Deregister* Execute* Import* Publish* Register* Rollback* Set* Start* Stop* Tag* Test* Untag* Update*',
};

const others = {
  lambda: 'Add* Create* Delete* Publish* Put* Remove* Update*',
  ssm: 'CreateAssociation* CreateDocument ResumeSession SendCommand Start* UpdateAssociation* UpdateDocument*',
  ecs: 'ExecuteCommand',
  'ec2-instance-connect': '*',
  logs: 'PutResourcePolicy DeleteResourcePolicy PutAccountPolicy DeleteAccountPolicy',
  sns: 'Unsubscribe',
};

const keyChanges = {
  kms: 'PutKeyPolicy CreateGrant Disable* ScheduleKeyDeletion CreateAlias UpdateAlias DeleteAlias DeleteImportedKeyMaterial',
};

const routeServices = ['events', 'lambda', 'dynamodb', 'sqs', 'sns', 'scheduler', 'cloudwatch', 'logs', 'ssm', 's3'];
