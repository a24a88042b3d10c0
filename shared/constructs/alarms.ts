import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ruleArn } from '../names.ts';
import { admitSender } from './dead-letters.ts';

/** Where alarms are named and mailed. */
export interface AlarmsProps {
  readonly account: string;
  readonly region: string;
  /** What every alarm's name begins with. */
  readonly prefix: string;
  /** @default - nobody is mailed, the alarms still turn on. */
  readonly email?: string;
}

/** Tells people when a commit did not arrive: every dead letter, failed invocation and failed execution turns an alarm on or is mailed. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly #props: AlarmsProps;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#props = props;
    this.topic = this.#makeTopic();
  }

  /** On while a dead letter lies in the queue. */
  onDeadLetters(queue: IQueue, name: string): void {
    this.#alarm(
      name,
      queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      `A message lies in ${name}: it was not delivered. Read it, mend the cause, and send it again.`,
    );
  }

  /** On when the function failed. */
  onErrors(fn: IFunction, name: string): void {
    this.#alarm(
      `${name}-errors`,
      fn.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      `${name} failed: its log group has the reason.`,
    );
  }

  /** On when a rule could not reach its target. */
  onFailedInvocations(rule: string, bus?: string): void {
    const metric = new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: rule, ...(bus === undefined ? {} : { EventBusName: bus }) },
      period: Duration.minutes(1),
      statistic: 'Sum',
    });
    this.#alarm(
      `${this.#props.prefix}-${rule}-failed`,
      metric,
      `Rule ${rule} could not reach its target: its dead-letter queue has the event and the reason.`,
    );
  }

  /** On when something was counted at all. */
  onAny(metric: IMetric, name: string, description: string): void {
    this.#alarm(name, metric, description);
  }

  /** Mails each event of the default bus that matches. */
  onEvents(id: string, name: string, pattern: object, deadLetters: Queue): void {
    const { account, region } = this.#props;
    admitSender(deadLetters, 'events.amazonaws.com', ruleArn({ account, region }, name), account);
    new CfnRule(this, id, {
      name,
      eventPattern: pattern,
      targets: [
        {
          id: 'alarms',
          arn: this.topic.topicArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
        },
      ],
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnEquals: { 'aws:SourceArn': ruleArn({ account, region }, name) } },
      }),
    );
  }

  #makeTopic(): Topic {
    const { prefix, account, region, email } = this.#props;
    const topic = new Topic(this, 'Topic', { topicName: `${prefix}-alarms`, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${region}:${account}:alarm:${prefix}-*` },
        },
      }),
    );
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  #alarm(name: string, metric: IMetric, alarmDescription: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: name,
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
