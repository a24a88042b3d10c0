import { createHash } from 'node:crypto';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { endedExecutionPattern } from '../events/pipeline-state.ts';
import type { AlarmTopic } from '../shared/constructs/alarm-topic.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import { environmentPrefix, pipelineName } from '../shared/names.ts';
import type { Environment } from '../shared/organisation-schema.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';

/** How an execution can end. */
export type Ending = 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'SUPERSEDED';

/** Who is told how the executions of one pipeline end. */
export interface Notice {
  /** E-mail addresses, which get a sentence, and ARNs of SNS topics, which get AWS's event as it is. */
  readonly to: readonly string[];
  readonly of: readonly Ending[];
}

/** What the notices of an environment are made from. */
export interface NoticesProps {
  readonly environment: Environment;
  readonly definitions: readonly PipelineDefinition[];
  readonly alarms: Alarms;
  readonly alarmTopic: AlarmTopic;
}

const isTopic = (to: string): boolean => to.startsWith('arn:');

/** What is wrong with a notice. */
export function noticeMistakes({ to, of }: Notice): readonly string[] {
  return [
    ...(to.length === 0 ? ['notify() tells nobody: give e-mail addresses or ARNs of SNS topics'] : []),
    ...to
      .filter(
        (each) =>
          !/^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}|[^\s@:]+@[^\s@:]+\.[^\s@:]+)$/.test(each),
      )
      .map((each) => `notify(): '${each}' is neither an e-mail address nor the ARN of an SNS topic`),
    ...(of.length === 0 ? ["notify() tells of nothing: leave of out, or say { of: ['FAILED'] }"] : []),
  ];
}

/**
 * Report, to people of one pipeline: its executions' ends go by e-mail to those whom its owner names, and as AWS's events to topics of the
 * owner's own, to which chat applications listen. Such a topic's policy must admit events.amazonaws.com.
 */
export class Notices extends Construct {
  readonly #props: NoticesProps;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.#props = props;
    const told = props.definitions.filter(({ notices }) => notices.length > 0);
    if (told.length === 0) return;
    const queueName = `${environmentPrefix(props.environment.name)}-results-undelivered`;
    const undelivered = deadLetters(this, 'Undelivered', queueName);
    props.alarms.onDeadLetters(undelivered, queueName);
    for (const { service, notices } of told)
      for (const [index, notice] of notices.entries()) this.#tell(service, index + 1, notice, undelivered);
  }

  #tell(service: string, number: number, { to, of }: Notice, undelivered: ReturnType<typeof deadLetters>): void {
    const { environment, alarmTopic, alarms } = this.#props;
    const pipeline = pipelineName(service, environment.name);
    const name = `${environmentPrefix(environment.name)}-${service}-ended-${number}`;
    const pattern = endedExecutionPattern({ account: environment.account, pipelines: [pipeline] }, of);
    const addresses = to.filter((each) => !isTopic(each));
    if (addresses.length > 0) {
      const topic = alarmTopic.another(`${pipeline}-${number}`, `Results of ${pipeline}`);
      for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
      alarmTopic.mailEvents(`${pipeline}-${number}-Ended`, {
        name: ruleName(name),
        pattern,
        paths: { state: '$.detail.state', execution: '$.detail.execution-id', at: '$.time' },
        text: `Pipeline ${pipeline} <state> at <at>. More: npx mergecast trace <execution>`,
        undelivered,
        topic,
      });
      alarms.onFailedInvocations(ruleName(name));
    }
    for (const [index, arn] of to.filter(isTopic).entries()) {
      const own = ruleName(`${name}-topic-${index + 1}`);
      makeRule(this, own, {
        home: environment,
        name: own,
        description: `A topic of the owner hears how executions of ${pipeline} end`,
        pattern,
        target: { id: 'owner', arn },
        undelivered,
      });
      alarms.onFailedInvocations(own);
    }
  }
}

/** Names of rules have 64 characters at most; a longer one is cut, and stays apart from others by a hash. */
const ruleName = (name: string): string =>
  name.length <= 64 ? name : `${name.slice(0, 55)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
