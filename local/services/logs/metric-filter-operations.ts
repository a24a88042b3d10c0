import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { logAccess, requireGroup } from './access.ts';
import { parseFilter } from './filter-pattern.ts';
import { groupNameShape } from './group-operations.ts';
import { filterName, removeFilter, transformation, writeFilter } from './metric-filters.ts';
import { type MetricFilter, metricFilters } from './tables.ts';

/** Creates or changes a metric filter of a group. */
export const putMetricFilter = operation({
  simplified: 'The default value is measured when lines come in of which none fits, and not once a minute.',
  input: z.object({
    logGroupName: groupNameShape,
    filterName,
    filterPattern: z.string(),
    metricTransformations: z.array(transformation).length(1),
    applyOnTransformedLogs: z.boolean().optional(),
  }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'PutMetricFilter', call, logGroupName)],
  run: ({ logGroupName, filterName: name, filterPattern, metricTransformations }, call) => {
    requireGroup(call.world, call, logGroupName);
    const wanted = { group: logGroupName, name, pattern: filterPattern, transformations: metricTransformations };
    writeFilter(call.world, call, wanted);
    return {};
  },
});

const shown = (filter: MetricFilter) => ({
  filterName: filter.name,
  filterPattern: filter.pattern,
  metricTransformations: filter.transformations,
  creationTime: Math.floor(filter.createdAt),
  logGroupName: filter.group,
  applyOnTransformedLogs: false,
});

/** The metric filters of a group, or of all. */
export const describeMetricFilters = operation({
  input: z.object({
    logGroupName: groupNameShape.optional(),
    filterNamePrefix: z.string().optional(),
    metricName: z.string().optional(),
    metricNamespace: z.string().optional(),
    nextToken: z.string().optional(),
    limit: numeric.pipe(z.number().int().min(1).max(50)).default(50),
  }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'DescribeMetricFilters', call, logGroupName ?? '*')],
  run: (input, call) => {
    if (input.logGroupName !== undefined) requireGroup(call.world, call, input.logGroupName);
    if ((input.metricName === undefined) !== (input.metricNamespace === undefined))
      throw new AwsError('InvalidParameterException', 'metricName and metricNamespace must be specified together.');
    const found = call.world.store
      .in(metricFilters)
      .where((row) => row.account === call.account && row.region === call.region)
      .filter(
        ({ group, name }) => (input.logGroupName ?? group) === group && name.startsWith(input.filterNamePrefix ?? ''),
      )
      .filter(({ transformations }) =>
        transformations.some(
          ({ metricName, metricNamespace }) =>
            (input.metricName ?? metricName) === metricName &&
            (input.metricNamespace ?? metricNamespace) === metricNamespace,
        ),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = pageOf(found, input.nextToken, input.limit, 'InvalidParameterException');
    return { metricFilters: page.items.map(shown), nextToken: page.next };
  },
});

/** Deletes a metric filter. */
export const deleteMetricFilter = operation({
  input: z.object({ logGroupName: groupNameShape, filterName }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'DeleteMetricFilter', call, logGroupName)],
  run: ({ logGroupName, filterName: name }, call) => {
    requireGroup(call.world, call, logGroupName);
    if (!removeFilter(call.world, call, logGroupName, name))
      throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
    return {};
  },
});

/** Tells which of up to 50 lines a pattern lets through. */
export const testMetricFilter = operation({
  simplified: 'The values extracted are not listed.',
  input: z.object({ filterPattern: z.string(), logEventMessages: z.array(z.string().min(1)).min(1).max(50) }),
  access: () => [{ action: 'logs:TestMetricFilter', resource: '*' }],
  run: ({ filterPattern, logEventMessages }) => {
    const { passes } = parseFilter(filterPattern);
    return {
      matches: logEventMessages.flatMap((eventMessage, index) =>
        passes(eventMessage) ? [{ eventNumber: index + 1, eventMessage, extractedValues: {} }] : [],
      ),
    };
  },
});
