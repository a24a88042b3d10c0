import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import { type Alarm, type AlarmChange, type AlarmState, alarmHistory, alarms, keptChanges } from './tables.ts';

/** What was looked at, for the history. */
export interface Evidence {
  /** World time in milliseconds. */
  readonly queriedAt: number;
  readonly values: readonly number[];
}

/** Moves an alarm to another state: history, journal, the `CloudWatch Alarm State Change` event and the state's actions. */
export function changeState(world: World, arn: string, state: AlarmState, reason: string, evidence: Evidence): void {
  const before = world.store.in(alarms).get(arn);
  if (before === undefined) return;
  const data = stateData(before, evidence);
  const alarm: Alarm = {
    ...before,
    state,
    stateReason: reason,
    stateReasonData: data,
    stateSince: world.clock.now(),
  };
  world.store.in(alarms).put(arn, alarm);
  remember(world, alarm, 'StateUpdate', `Alarm updated from ${before.state} to ${state}`, data);
  const cause = world.journal.write({
    kind: 'state',
    account: alarm.account,
    region: alarm.region,
    subject: arn,
    text: `alarm ${alarm.name} went from ${before.state} to ${state}: ${reason}`,
    detail: { before: before.state, state, reason },
  });
  announce(world, before, alarm, cause);
  if (alarm.actionsEnabled) for (const action of actionsOf(alarm)) act(world, before, alarm, action, cause);
}

/** Appends to the alarm's history. */
export function remember(
  world: World,
  alarm: Alarm,
  type: AlarmChange['type'],
  summary: string,
  data: string = JSON.stringify({ type, version: '1.0' }),
): void {
  const { name: alarmName, account, region } = alarm;
  const rows = world.store.in(alarmHistory);
  const change: AlarmChange = { alarmName, account, region, at: world.clock.now(), type, summary, data };
  rows.put(alarm.arn, [...(rows.get(alarm.arn) ?? []), change].slice(-keptChanges));
}

const stateData = (alarm: Alarm, { queriedAt, values }: Evidence): string =>
  JSON.stringify({
    version: '1.0',
    queryDate: new Date(queriedAt).toISOString(),
    statistic: alarm.statistic,
    period: alarm.periodSeconds,
    recentDatapoints: values,
    threshold: alarm.threshold,
  });

const actionsOf = (alarm: Alarm): readonly string[] =>
  ({ OK: alarm.okActions, ALARM: alarm.alarmActions, INSUFFICIENT_DATA: alarm.insufficientDataActions })[alarm.state];

/** Through the table and not by import: events measure themselves with CloudWatch, so the import would be a circle. */
function announce(world: World, before: Alarm, alarm: Alarm, cause: string): void {
  const { account, region } = alarm;
  world.background(alarm.arn, cause, async () => {
    await call(world, {
      account,
      region,
      caller: { type: 'service', service: 'cloudwatch.amazonaws.com' },
      service: 'events',
      operation: 'EmitServiceEvent',
      input: {
        source: 'aws.cloudwatch',
        detailType: 'CloudWatch Alarm State Change',
        resources: [alarm.arn],
        detail: stateChangeDetail(before, alarm),
      },
      cause,
    });
  });
}

const stateOf = ({ state, stateReason, stateReasonData, stateSince }: Alarm) => ({
  value: state,
  reason: stateReason,
  ...(stateReasonData === undefined ? {} : { reasonData: stateReasonData }),
  timestamp: new Date(stateSince).toISOString().replace('Z', '+0000'),
});

const stateChangeDetail = (before: Alarm, alarm: Alarm) => ({
  alarmName: alarm.name,
  state: stateOf(alarm),
  previousState: stateOf(before),
  configuration: {
    ...(alarm.description === undefined ? {} : { description: alarm.description }),
    metrics: [
      {
        id: 'm1',
        metricStat: {
          metric: { namespace: alarm.namespace, name: alarm.metricName, dimensions: alarm.dimensions },
          period: alarm.periodSeconds,
          stat: alarm.statistic,
        },
        returnData: true,
      },
    ],
  },
});

/** Publishes to a topic as CloudWatch; its policy decides. */
function act(world: World, before: Alarm, alarm: Alarm, topicArn: string, cause: string): void {
  const { account, region, arn } = alarm;
  world.background(arn, cause, async () => {
    try {
      await call(world, {
        account: topicArn.split(':')[4] ?? account,
        region,
        caller: { type: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: arn, sourceAccount: account },
        service: 'sns',
        operation: 'Publish',
        input: {
          TopicArn: topicArn,
          Subject: `${alarm.state}: "${alarm.name}" in ${region}`.slice(0, 100),
          Message: JSON.stringify(notification(before, alarm)),
        },
        cause,
      });
      remember(world, alarm, 'Action', `Successfully executed action ${topicArn}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      remember(world, alarm, 'Action', `Failed to execute action ${topicArn}. Received error: "${reason}"`);
      world.journal.write({
        kind: 'delivery',
        cause,
        account,
        region,
        subject: arn,
        text: `alarm ${alarm.name} could not notify ${topicArn}: ${reason}`,
        allowed: false,
      });
    }
  });
}

/** The message of an alarm as subscribers get it. Source: the alarm pages of the CloudWatch guide. */
const notification = (before: Alarm, alarm: Alarm) => ({
  AlarmName: alarm.name,
  AlarmDescription: alarm.description ?? null,
  AWSAccountId: alarm.account,
  NewStateValue: alarm.state,
  NewStateReason: alarm.stateReason,
  StateChangeTime: new Date(alarm.stateSince).toISOString().replace('Z', '+0000'),
  Region: alarm.region,
  AlarmArn: alarm.arn,
  OldStateValue: before.state,
  Trigger: {
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    StatisticType: 'Statistic',
    Statistic: alarm.statistic.toUpperCase(),
    Dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ name, value })),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missing,
  },
});
