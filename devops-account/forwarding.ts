import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedPattern, branchMergedSource } from '../events/branch-merged.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { allow } from '../shared/constructs/allow.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import {
  devopsBusName,
  environmentBusArn,
  forwarderRole,
  forwardRuleName,
  type Home,
  ruleArn,
} from '../shared/names.ts';
import type { Environment } from '../shared/organisation-schema.ts';

/** Forward: an environment gets the merges of its branch, and nothing else leaves the account. */
export class Forwarding extends Construct {
  readonly #devops: Home;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, devops: Home, environment: Environment, alarms: Alarms) {
    super(scope, id);
    this.#devops = devops;
    this.#environment = environment;
    this.#makeRule(this.#makeRole(), alarms);
  }

  #makeRule(role: Role, alarms: Alarms): void {
    const { name, branch, repositories } = this.#environment;
    const rule = forwardRuleName(name);
    const queueName = `mergecast-${rule}-undelivered`;
    const undelivered = deadLetters(this, 'Undelivered', queueName);
    makeRule(this, 'Rule', {
      home: this.#devops,
      name: rule,
      bus: devopsBusName,
      description: `Merges to ${branch} go to environment ${name}`,
      pattern: branchMergedPattern({ account: this.#devops.account, repositories, branch }),
      target: { id: 'environment', arn: environmentBusArn(this.#environment), roleArn: role.roleArn },
      undelivered,
    });
    alarms.onDeadLetters(undelivered, queueName);
    alarms.onFailedInvocations(rule, devopsBusName);
  }

  #makeRole(): Role {
    const { name } = this.#environment;
    const { path, roleName } = forwarderRole(this.#devops, name);
    const rule = ruleArn(this.#devops, forwardRuleName(name), devopsBusName);
    const role = new Role(this, 'Role', {
      path,
      roleName,
      description: `Puts announced merges on the bus of environment ${name}`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.#devops.account },
          ArnEquals: { 'aws:SourceArn': rule },
        },
      }),
    });
    allow(role, 'Forward', ['events:PutEvents'], [environmentBusArn(this.#environment)], {
      conditions: {
        StringEquals: { 'events:source': branchMergedSource, 'events:detail-type': branchMergedDetailType },
      },
    });
    return role;
  }
}
