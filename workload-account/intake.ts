import { CfnEventBus, CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedPattern, branchMergedSource } from '../events/branch-merged.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import type { HandlerFunction } from '../shared/constructs/handler-function.ts';
import { environmentBusArn, environmentBusName, environmentPrefix, forwarderRole, ruleArn } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

const ruleName = 'start';

/** Bus: only the DevOps account's forwarder of this environment gets in, with announcements, and a rule hands them to the starter. */
export class Intake extends Construct {
  readonly #organisation: Organisation;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, organisation: Organisation, environment: Environment) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    this.#admitForwarder(new CfnEventBus(this, 'Bus', { name: environmentBusName(environment.name) }));
  }

  /** Hands the merges of the followed branch to the starter; replays start nothing. */
  handTo(starter: HandlerFunction, alarms: Alarms): void {
    const { devops } = this.#organisation;
    const { name, account, repositories, branch } = this.#environment;
    const bus = environmentBusName(name);
    const arn = ruleArn(this.#environment, ruleName, bus);
    const queueName = `${environmentPrefix(name)}-start-undelivered`;
    const undelivered = deadLetters(this, 'Undelivered', queueName);
    admitSender(undelivered, 'events.amazonaws.com', arn, account);
    starter.admitRule('Rule', arn, account);
    const pattern = {
      ...branchMergedPattern({ account: devops.account, repositories, branch }),
      'replay-name': [{ exists: false }],
    };
    new CfnRule(this, 'Rule', {
      name: ruleName,
      description: `Merges to ${branch} reach the starter of ${name}`,
      eventBusName: bus,
      eventPattern: pattern,
      targets: [
        {
          id: 'starter',
          arn: starter.fn.functionArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    }).node.addDependency(this.node.findChild('Bus'));
    alarms.onDeadLetters(undelivered, queueName);
    alarms.onFailedInvocations(ruleName, bus);
  }

  #admitForwarder(bus: CfnEventBus): void {
    const { devops, organisationId } = this.#organisation;
    const { name } = this.#environment;
    const statement = {
      Sid: 'Forwarder',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${devops.account}:root` },
      Action: 'events:PutEvents',
      Resource: environmentBusArn(this.#environment),
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': forwarderRole(devops, name).arn },
        StringEquals: {
          'events:source': branchMergedSource,
          'events:detail-type': branchMergedDetailType,
          ...(organisationId === undefined ? {} : { 'aws:PrincipalOrgID': organisationId }),
        },
      },
    };
    new CfnEventBusPolicy(this, 'Policy', {
      eventBusName: environmentBusName(name),
      statementId: 'Forwarder',
      statement,
    }).addResourceDependency(bus);
  }
}
