import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  actionPattern,
  executionAndStagePattern,
  failedExecutionPattern,
  pipelineStateSource,
} from '../events/pipeline-state.ts';
import type { AlarmTopic } from '../shared/constructs/alarm-topic.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { allow } from '../shared/constructs/allow.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import { devopsBusArn, environmentPrefix, reporterRole, ruleArn } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** What is reported, and who is told. */
export interface ReportingProps {
  readonly organisation: Organisation;
  readonly environment: Environment;
  /** Names of this environment's own pipelines. */
  readonly pipelines: readonly string[];
  readonly alarms: Alarms;
  readonly alarmTopic: AlarmTopic;
}

/**
 * Report: the state changes of this environment's pipelines go home, and people hear of executions that failed. Source actions stay
 * here: their events carry commit messages.
 */
export class Reporting extends Construct {
  readonly #props: ReportingProps;
  readonly #prefix: string;

  constructor(scope: Construct, id: string, props: ReportingProps) {
    super(scope, id);
    this.#props = props;
    this.#prefix = environmentPrefix(props.environment.name);
    this.#reportHome();
    this.#tellPeople();
  }

  #reportHome(): void {
    const { organisation, environment, alarms } = this.#props;
    const patterns = {
      [`${this.#prefix}-report-stages`]: executionAndStagePattern(this.#own),
      [`${this.#prefix}-report-actions`]: actionPattern(this.#own),
    };
    const { roleArn } = this.#makeRole(Object.keys(patterns));
    const undelivered = this.#makeQueue('Undelivered', `${this.#prefix}-report-undelivered`);
    for (const [name, pattern] of Object.entries(patterns)) {
      makeRule(this, name, {
        home: environment,
        name,
        description: `The DevOps account hears how the pipelines of ${environment.name} fare`,
        pattern,
        target: { id: 'devops', arn: devopsBusArn(organisation.devops), roleArn },
        undelivered,
      });
      alarms.onFailedInvocations(name);
    }
  }

  #tellPeople(): void {
    const { alarms, alarmTopic } = this.#props;
    const name = `${this.#prefix}-failed-executions`;
    const undelivered = this.#makeQueue('Untold', `${name}-undelivered`);
    alarmTopic.mailEvents('FailedExecutions', {
      name,
      pattern: failedExecutionPattern(this.#own),
      paths: { pipeline: '$.detail.pipeline', execution: '$.detail.execution-id', at: '$.time', account: '$.account' },
      text: `A merge did not arrive in ${this.#props.environment.name}: pipeline <pipeline> of account <account> failed at <at>. For the reason: aws codepipeline list-action-executions --pipeline-name <pipeline> --filter pipelineExecutionId=<execution>`,
      undelivered,
    });
    alarms.onFailedInvocations(name);
  }

  #makeRole(rules: readonly string[]): Role {
    const { organisation, environment } = this.#props;
    const { path, roleName } = reporterRole(environment);
    const role = new Role(this, 'Role', {
      path,
      roleName,
      description: `Tells the DevOps account how the pipelines of ${environment.name} fare`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': environment.account },
          ArnEquals: { 'aws:SourceArn': rules.map((name) => ruleArn(environment, name)) },
        },
      }),
    });
    allow(role, 'Report', ['events:PutEvents'], [devopsBusArn(organisation.devops)], {
      conditions: { StringEquals: { 'events:source': pipelineStateSource } },
    });
    return role;
  }

  #makeQueue(id: string, name: string) {
    const queue = deadLetters(this, id, name);
    this.#props.alarms.onDeadLetters(queue, name);
    return queue;
  }

  get #own() {
    const { environment, pipelines } = this.#props;
    return { account: environment.account, pipelines };
  }
}
