import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  actionPattern,
  executionAndStagePattern,
  failedExecutionPattern,
  pipelineStateSource,
} from '../events/pipeline-state.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { devopsBusArn, environmentPrefix, reporterRole, ruleArn } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** Report: the state changes of this environment's pipelines go home. Source actions stay here: their events carry commit messages. */
export class Reporting extends Construct {
  readonly #organisation: Organisation;
  readonly #environment: Environment;

  constructor(
    scope: Construct,
    id: string,
    organisation: Organisation,
    environment: Environment,
    pipelines: readonly string[],
    alarms: Alarms,
  ) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    const prefix = environmentPrefix(environment.name);
    const own = { account: environment.account, pipelines };
    const undelivered = deadLetters(this, 'Undelivered', `${prefix}-report-undelivered`);
    const rules = {
      [`${prefix}-report-stages`]: executionAndStagePattern(own),
      [`${prefix}-report-actions`]: actionPattern(own),
    };
    const role = this.#makeRole(Object.keys(rules));
    for (const [name, pattern] of Object.entries(rules)) {
      this.#makeRule(name, pattern, role, undelivered);
      alarms.onFailedInvocations(name);
    }
    alarms.onDeadLetters(undelivered, `${prefix}-report-undelivered`);
    alarms.onEvents('FailedExecutions', `${prefix}-failed-executions`, failedExecutionPattern(own), undelivered);
  }

  #makeRole(rules: readonly string[]): Role {
    const { account } = this.#environment;
    const { path, roleName } = reporterRole(this.#environment);
    const arns = rules.map((name) => ruleArn(this.#environment, name));
    const role = new Role(this, 'Role', {
      path,
      roleName,
      description: `Tells the DevOps account how the pipelines of ${this.#environment.name} fare`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnEquals: { 'aws:SourceArn': arns } },
      }),
    });
    const conditions = { StringEquals: { 'events:source': pipelineStateSource } };
    role.addToPolicy(
      new PolicyStatement({
        sid: 'Report',
        effect: Effect.ALLOW,
        actions: ['events:PutEvents'],
        resources: [devopsBusArn(this.#organisation.devops)],
        conditions,
      }),
    );
    return role;
  }

  #makeRule(name: string, eventPattern: object, role: Role, undelivered: Queue): void {
    const { account } = this.#environment;
    admitSender(undelivered, 'events.amazonaws.com', ruleArn(this.#environment, name), account);
    new CfnRule(this, name, {
      name,
      eventPattern,
      targets: [
        {
          id: 'devops',
          arn: devopsBusArn(this.#organisation.devops),
          roleArn: role.roleArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    });
  }
}
