import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const minute = Duration.minutes(1);
const once = { evaluationPeriods: 1, datapointsToAlarm: 1 };

/** Tells people when a commit did not arrive: dead letters, failed invocations and failing functions turn an alarm on, which goes to the topic. */
export class Alarms extends Construct {
  readonly #prefix: string;
  readonly #topic: ITopic;

  /** Every alarm's name begins with the prefix: the topic admits no others. */
  constructor(scope: Construct, id: string, prefix: string, topic: ITopic) {
    super(scope, id);
    this.#prefix = prefix;
    this.#topic = topic;
  }

  /** On while a dead letter lies in the queue. */
  onDeadLetters(queue: IQueue, name: string): void {
    this.onAny(
      queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
      name,
      `A message lies in ${name}: it was not delivered. Read it, mend the cause, and send it again.`,
    );
  }

  /** On when the function failed in two of five minutes: one failure is healed by Lambda's next try, a minute later. */
  onErrors(fn: IFunction, name: string): void {
    this.onAny(
      fn.metricErrors({ period: minute, statistic: 'Sum' }),
      `${name}-errors`,
      `${name} failed again and again: its log group has the reason.`,
      { evaluationPeriods: 5, datapointsToAlarm: 2 },
    );
  }

  /** On when a rule could not reach its target; a rule of the default bus when none is named. */
  onFailedInvocations(rule: string, bus?: string): void {
    const metric = new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: rule, ...(bus === undefined ? {} : { EventBusName: bus }) },
      period: minute,
      statistic: 'Sum',
    });
    const name = rule.startsWith(`${this.#prefix}-`) ? rule : `${this.#prefix}-${rule}`;
    this.onAny(
      metric,
      `${name}-failed`,
      `Rule ${rule} could not reach its target: its dead-letter queue has the event and the reason.`,
    );
  }

  /** On when something was counted at all, in as many periods as asked. */
  onAny(
    metric: IMetric,
    name: string,
    description: string,
    periods: { readonly evaluationPeriods: number; readonly datapointsToAlarm: number } = once,
  ): void {
    const alarm = new Alarm(this, name, {
      alarmName: name,
      alarmDescription: description,
      metric,
      threshold: 1,
      ...periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
