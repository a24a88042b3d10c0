import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { alarmArn, alarmShape, removeAlarm, writeAlarm } from './alarms.ts';
import { changeState } from './change-state.ts';
import { dimensions, listedDimensions, moment } from './shapes.ts';
import { type Alarm, alarmHistory, alarms, metricKey } from './tables.ts';
import { tagList, tagMap } from './tags.ts';

const alarmName = z.string().min(1).max(255);
const stateValue = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** Creates or changes an alarm on one metric. */
export const putMetricAlarm = operation({
  input: z.object({
    AlarmName: alarmName,
    ...alarmShape,
    Tags: tagList.default([]),
    Metrics: z.undefined('metric math is not played by the local cloud').optional(),
    ExtendedStatistic: z.undefined('percentiles are not played by the local cloud').optional(),
    ThresholdMetricId: z.undefined('anomaly detection is not played by the local cloud').optional(),
  }),
  access: ({ AlarmName }, call) => [{ action: 'cloudwatch:PutMetricAlarm', resource: alarmArn(call, AlarmName) }],
  run: ({ AlarmName, Tags, ...wanted }, call) => {
    writeAlarm(call.world, call, AlarmName, wanted, tagMap(Tags));
    return undefined;
  },
});

/** Deletes alarms; all must exist. */
export const deleteAlarms = operation({
  input: z.object({ AlarmNames: z.array(alarmName).max(100) }),
  access: ({ AlarmNames }, call) =>
    AlarmNames.map((name) => ({ action: 'cloudwatch:DeleteAlarms', resource: alarmArn(call, name) })),
  run: ({ AlarmNames }, call) => {
    const arns = AlarmNames.map((name) => alarmArn(call, name));
    const missing = arns.find((arn) => !call.world.store.in(alarms).has(arn));
    if (missing !== undefined) throw new AwsError('ResourceNotFound', `Alarm ${missing} does not exist`, 404);
    for (const arn of arns) removeAlarm(call.world, arn);
    return undefined;
  },
});

const shown = (alarm: Alarm) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: alarm.okActions,
  AlarmActions: alarm.alarmActions,
  InsufficientDataActions: alarm.insufficientDataActions,
  StateValue: alarm.state,
  StateReason: alarm.stateReason,
  StateReasonData: alarm.stateReasonData,
  StateUpdatedTimestamp: new Date(alarm.stateSince),
  StateTransitionedTimestamp: new Date(alarm.stateSince),
  MetricName: alarm.metricName,
  Namespace: alarm.namespace,
  Statistic: alarm.statistic,
  Dimensions: listedDimensions(alarm.dimensions),
  Period: alarm.periodSeconds,
  Unit: alarm.unit,
  EvaluationPeriods: alarm.evaluationPeriods,
  DatapointsToAlarm: alarm.datapointsToAlarm,
  Threshold: alarm.threshold,
  ComparisonOperator: alarm.comparison,
  TreatMissingData: alarm.missing,
});

/** The alarms of an account and region. */
export const describeAlarms = operation({
  input: z.object({
    AlarmNames: z.array(z.string()).max(100).optional(),
    AlarmNamePrefix: z.string().optional(),
    AlarmTypes: z.array(z.string()).optional(),
    StateValue: stateValue.optional(),
    ActionPrefix: z.string().optional(),
    MaxRecords: numeric.pipe(z.number().int().min(1).max(100)).default(50),
    NextToken: z.string().optional(),
  }),
  access: (_input, call) => [{ action: 'cloudwatch:DescribeAlarms', resource: alarmArn(call, '*') }],
  run: (input, { world, account, region }) => {
    const found = world.store
      .in(alarms)
      .where((alarm) => alarm.account === account && alarm.region === region)
      .filter(({ name }) => (input.AlarmNames?.includes(name) ?? true) && name.startsWith(input.AlarmNamePrefix ?? ''))
      .filter(({ state }) => (input.StateValue ?? state) === state)
      .filter(
        ({ alarmActions }) =>
          alarmActions.some((arn) => arn.startsWith(input.ActionPrefix ?? '')) || !input.ActionPrefix,
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = pageOf(found, input.NextToken, input.MaxRecords, 'InvalidNextToken');
    const metric = input.AlarmTypes === undefined || input.AlarmTypes.includes('MetricAlarm');
    return { MetricAlarms: metric ? page.items.map(shown) : [], CompositeAlarms: [], NextToken: page.next };
  },
});

/** The alarms on one metric. */
export const describeAlarmsForMetric = operation({
  input: z.object({
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: dimensions.default({}),
    Statistic: z.string().optional(),
    ExtendedStatistic: z.undefined('percentiles are not played by the local cloud').optional(),
    Period: numeric.optional(),
    Unit: z.string().optional(),
  }),
  access: (_input, call) => [{ action: 'cloudwatch:DescribeAlarmsForMetric', resource: alarmArn(call, '*') }],
  run: ({ Namespace, MetricName, Dimensions, Statistic, Period, Unit }, { world, account, region }) => {
    const place = { account, region };
    const key = metricKey(place, { namespace: Namespace, name: MetricName, dimensions: Dimensions });
    const found = world.store
      .in(alarms)
      .where((alarm) => metricKey(alarm, { ...alarm, name: alarm.metricName }) === key)
      .filter(
        ({ statistic, periodSeconds }) =>
          (Statistic ?? statistic) === statistic && (Period ?? periodSeconds) === periodSeconds,
      )
      .filter(({ unit }) => (Unit ?? unit) === unit);
    return { MetricAlarms: found.map(shown) };
  },
});

/** What happened to alarms, newest first. */
export const describeAlarmHistory = operation({
  input: z.object({
    AlarmName: z.string().optional(),
    HistoryItemType: z.string().optional(),
    StartDate: moment.optional(),
    EndDate: moment.optional(),
    MaxRecords: pageLimit,
    NextToken: z.string().optional(),
    ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  }),
  access: ({ AlarmName }, call) => [
    { action: 'cloudwatch:DescribeAlarmHistory', resource: alarmArn(call, AlarmName ?? '*') },
  ],
  run: (input, { world, account, region }) => {
    const found = world.store
      .in(alarmHistory)
      .rows()
      .flat()
      .filter((change) => change.account === account && change.region === region)
      .filter(
        ({ alarmName: name, type }) => (input.AlarmName ?? name) === name && (input.HistoryItemType ?? type) === type,
      )
      .filter(({ at }) => at >= (input.StartDate ?? 0) && at <= (input.EndDate ?? Number.POSITIVE_INFINITY))
      .sort((a, b) => a.at - b.at);
    const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
    const page = pageOf(ordered, input.NextToken, input.MaxRecords, 'InvalidNextToken');
    return {
      AlarmHistoryItems: page.items.map((change) => ({
        AlarmName: change.alarmName,
        AlarmType: 'MetricAlarm',
        Timestamp: new Date(change.at),
        HistoryItemType: change.type,
        HistorySummary: change.summary,
        HistoryData: change.data,
      })),
      NextToken: page.next,
    };
  },
});

/** Sets an alarm's state for a test; the next evaluation may set it back. */
export const setAlarmState = operation({
  input: z.object({
    AlarmName: alarmName,
    StateValue: stateValue,
    StateReason: z.string().max(1023),
    StateReasonData: z.string().optional(),
  }),
  access: ({ AlarmName }, call) => [{ action: 'cloudwatch:SetAlarmState', resource: alarmArn(call, AlarmName) }],
  run: ({ AlarmName, StateValue, StateReason }, call) => {
    const alarm = call.world.store.in(alarms).get(alarmArn(call, AlarmName));
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${AlarmName} does not exist`, 404);
    if (alarm.state !== StateValue)
      changeState(call.world, alarm.arn, StateValue, StateReason, { queriedAt: call.world.clock.now(), values: [] });
    return undefined;
  },
});
