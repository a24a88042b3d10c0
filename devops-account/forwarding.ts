import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedPattern, branchMergedSource } from '../events/branch-merged.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { devopsBusName, environmentBusArn, forwarderRole, forwardRuleName, ruleArn } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** Forward: each environment gets the merges of its branch, and nothing else leaves the account. */
export class Forwarding extends Construct {
  readonly #organisation: Organisation;
  readonly #alarms: Alarms;

  constructor(scope: Construct, id: string, organisation: Organisation, alarms: Alarms) {
    super(scope, id);
    this.#organisation = organisation;
    this.#alarms = alarms;
    for (const environment of organisation.environments) this.#forwardTo(environment);
  }

  #forwardTo(environment: Environment): void {
    const { devops } = this.#organisation;
    const name = forwardRuleName(environment.name);
    const arn = ruleArn(devops, name, devopsBusName);
    const role = this.#makeRole(environment, arn);
    const undelivered = deadLetters(this, `Undelivered-${environment.name}`, `mergecast-${name}-undelivered`);
    admitSender(undelivered, 'events.amazonaws.com', arn, devops.account);
    new CfnRule(this, `Rule-${environment.name}`, {
      name,
      description: `Merges to ${environment.branch} go to environment ${environment.name}`,
      eventBusName: devopsBusName,
      eventPattern: branchMergedPattern({
        account: devops.account,
        repositories: environment.repositories,
        branch: environment.branch,
      }),
      targets: [
        {
          id: 'environment',
          arn: environmentBusArn(environment),
          roleArn: role.roleArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    });
    this.#alarms.onDeadLetters(undelivered, `mergecast-${name}-undelivered`);
    this.#alarms.onFailedInvocations(name, devopsBusName);
  }

  #makeRole(environment: Environment, arn: string): Role {
    const { account } = this.#organisation.devops;
    const { path, roleName } = forwarderRole(this.#organisation.devops, environment.name);
    const role = new Role(this, `Role-${environment.name}`, {
      path,
      roleName,
      description: `Puts announced merges on the bus of environment ${environment.name}`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnEquals: { 'aws:SourceArn': arn } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'Forward',
        effect: Effect.ALLOW,
        actions: ['events:PutEvents'],
        resources: [environmentBusArn(environment)],
        conditions: {
          StringEquals: { 'events:source': branchMergedSource, 'events:detail-type': branchMergedDetailType },
        },
      }),
    );
    return role;
  }
}
