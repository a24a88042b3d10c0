import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedPattern, branchMergedSource } from '../events/branch-merged.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import type { HandlerFunction } from '../shared/constructs/handler-function.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import { environmentBusArn, environmentBusName, environmentPrefix, forwarderRole, ruleArn } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

const ruleName = 'start';

/** Bus: only the DevOps account's forwarder of this environment gets in, with announcements, and a rule hands them to the starter. */
export class Intake extends Construct {
  readonly #organisation: Organisation;
  readonly #environment: Environment;
  readonly #bus: CfnEventBus;

  constructor(scope: Construct, id: string, organisation: Organisation, environment: Environment) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    this.#bus = new CfnEventBus(this, 'Bus', { name: environmentBusName(environment.name) });
    this.#admitForwarder();
  }

  /** Hands the merges of the followed branch to the starter; replays start nothing. */
  handTo(starter: HandlerFunction, alarms: Alarms): void {
    const { devops } = this.#organisation;
    const { name, account, repositories, branch } = this.#environment;
    const bus = environmentBusName(name);
    const queueName = `${environmentPrefix(name)}-start-undelivered`;
    const undelivered = deadLetters(this, 'Undelivered', queueName);
    starter.admitRule('Rule', ruleArn(this.#environment, ruleName, bus), account);
    makeRule(this, 'Rule', {
      home: this.#environment,
      name: ruleName,
      bus,
      description: `Merges to ${branch} reach the starter of ${name}`,
      pattern: {
        ...branchMergedPattern({ account: devops.account, repositories, branch }),
        'replay-name': [{ exists: false }],
      },
      target: { id: 'starter', arn: starter.fn.functionArn },
      undelivered,
    }).addResourceDependency(this.#bus);
    alarms.onDeadLetters(undelivered, queueName);
    alarms.onFailedInvocations(ruleName, bus);
  }

  #admitForwarder(): void {
    const { devops, organisationId } = this.#organisation;
    const { name } = this.#environment;
    const sid = 'Forwarder';
    const statement = {
      Sid: sid,
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
    const policy = { eventBusName: environmentBusName(name), statementId: sid, statement };
    new CfnEventBusPolicy(this, 'Policy', policy).addResourceDependency(this.#bus);
  }
}
