import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, numeric } from '../../world/properties.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { dimensions, listedDimensions, moment, period, statistic } from './shapes.ts';
import { combine, series, statisticOf } from './statistics.ts';
import { type Minute, metricKey, metrics } from './tables.ts';

const metricShape = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions.default({}) });

const minutesOf = (world: World, place: Place, metric: z.output<typeof metricShape>): readonly Minute[] =>
  world.store
    .in(metrics)
    .get(metricKey(place, { namespace: metric.Namespace, name: metric.MetricName, dimensions: metric.Dimensions }))
    ?.minutes ?? [];

/** Up to 500 series. Expressions (metric math) are refused by name. */
export const getMetricData = operation({
  input: z.object({
    MetricDataQueries: z
      .array(
        z.object({
          Id: z.string(),
          Label: z.string().optional(),
          ReturnData: flag.default(true),
          Expression: z.undefined('metric math is not played by the local cloud').optional(),
          MetricStat: z.object({ Metric: metricShape, Period: period, Stat: statistic, Unit: z.string().optional() }),
        }),
      )
      .max(500),
    StartTime: moment,
    EndTime: moment,
    ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  }),
  access: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
  run: ({ MetricDataQueries, StartTime, EndTime, ScanBy }, call) => ({
    MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData).map(({ Id, Label, MetricStat }) => {
      const { Metric, Period, Stat } = MetricStat;
      const window = { from: StartTime, until: EndTime, periodSeconds: Period };
      const found = series(minutesOf(call.world, call, Metric), Stat, window);
      const ordered = ScanBy === 'TimestampAscending' ? found : found.toReversed();
      return {
        Id,
        Label: Label ?? Metric.MetricName,
        Timestamps: ordered.map(({ start }) => new Date(start)),
        Values: ordered.map(({ value }) => value),
        StatusCode: 'Complete',
      };
    }),
    Messages: [],
  }),
});

/** The datapoints of one metric. */
export const getMetricStatistics = operation({
  input: z.object({
    ...metricShape.shape,
    StartTime: moment,
    EndTime: moment,
    Period: period,
    Statistics: z.array(statistic).min(1),
    Unit: z.string().optional(),
  }),
  access: () => [{ action: 'cloudwatch:GetMetricStatistics', resource: '*' }],
  run: (input, call) => {
    const minutes = minutesOf(call.world, call, input);
    const window = { from: input.StartTime, until: input.EndTime, periodSeconds: input.Period };
    if (input.StartTime >= input.EndTime)
      throw new AwsError('InvalidParameterValue', 'The parameter StartTime must be less than the parameter EndTime.');
    return {
      Label: input.MetricName,
      Datapoints: series(minutes, 'SampleCount', window).map(({ start }) => {
        const found = combine(minutes, start, start + input.Period * 1000) as Minute;
        const values = Object.fromEntries(input.Statistics.map((name) => [name, statisticOf(found, name)]));
        return { Timestamp: new Date(start), Unit: input.Unit ?? 'None', ...values };
      }),
    };
  },
});

/** The metrics of an account and region. */
export const listMetrics = operation({
  input: z.object({
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
    NextToken: z.string().optional(),
    RecentlyActive: z.string().optional(),
    IncludeLinkedAccounts: flag.optional(),
    OwningAccount: numeric.optional(),
  }),
  access: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
  run: ({ Namespace, MetricName, Dimensions, NextToken }, { world, account, region }) => {
    const found = world.store
      .in(metrics)
      .where((metric) => metric.account === account && metric.region === region)
      .filter(({ namespace, name }) => (Namespace ?? namespace) === namespace && (MetricName ?? name) === name)
      .filter((metric) =>
        Dimensions.every(({ Name, Value }) =>
          Value === undefined ? Name in metric.dimensions : metric.dimensions[Name] === Value,
        ),
      );
    const page = pageOf(found, NextToken, 500, 'InvalidParameterValue');
    return {
      Metrics: page.items.map(({ namespace, name, dimensions: map }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: listedDimensions(map),
      })),
      NextToken: page.next,
    };
  },
});
