import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { putMetric } from './metrics.ts';
import { dimensions, moment } from './shapes.ts';

const mostValues = 1000;

/** Records up to 1000 metrics. */
export const putMetricData = operation({
  input: z.object({
    Namespace: z.string().min(1).max(255),
    MetricData: z
      .array(
        z.object({
          MetricName: z.string().min(1).max(255),
          Dimensions: dimensions.default({}),
          Timestamp: moment.optional(),
          Value: numeric.optional(),
          Values: z.array(numeric).max(150).optional(),
          Counts: z.array(numeric).max(150).optional(),
          Unit: z.string().optional(),
          StorageResolution: numeric.optional(),
          StatisticValues: z
            .object({ SampleCount: numeric, Sum: numeric, Minimum: numeric, Maximum: numeric })
            .optional(),
        }),
      )
      .max(1000),
  }),
  access: ({ Namespace }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
  ],
  run: ({ Namespace, MetricData }, call) => {
    if (/^AWS\//.test(Namespace))
      throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
    for (const { MetricName, Dimensions, Timestamp, Unit, StatisticValues: set, ...rest } of MetricData) {
      if (rest.Value !== undefined && (rest.Values !== undefined || set !== undefined))
        throw new AwsError(
          'InvalidParameterCombination',
          'The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues or Values are mutually exclusive and you have specified both.',
        );
      const point = {
        namespace: Namespace,
        name: MetricName,
        dimensions: Dimensions,
        ...(Timestamp === undefined ? {} : { at: Timestamp }),
        ...(Unit === undefined ? {} : { unit: Unit }),
      };
      if (set !== undefined)
        putMetric(call.world, call, {
          ...point,
          value: set.Sum,
          spread: { count: set.SampleCount, minimum: set.Minimum, maximum: set.Maximum },
        });
      for (const value of valuesOf(rest)) putMetric(call.world, call, { ...point, value });
    }
    return undefined;
  },
});

function valuesOf({
  Value,
  Values,
  Counts,
}: {
  Value?: number | undefined;
  Values?: number[] | undefined;
  Counts?: number[] | undefined;
}): readonly number[] {
  if (Values === undefined) return Value === undefined ? [] : [Value];
  return Values.flatMap((value, index) => Array<number>(Math.min(mostValues, Counts?.[index] ?? 1)).fill(value));
}
