import { z } from 'zod';
import { flag, numeric } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { logAccess, requireGroup } from './access.ts';
import { groupNameShape } from './group-operations.ts';
import { filterName, filtersOf, removeFilter, writeFilter } from './metric-filters.ts';

/** AWS::Logs::MetricFilter. `Ref` answers its name. */
export const metricFilter = resource({
  simplified: 'The default value is measured when lines come in of which none fits, and not once a minute.',
  properties: z.strictObject({
    FilterName: filterName.optional(),
    FilterPattern: z.string(),
    LogGroupName: groupNameShape,
    ApplyOnTransformedLogs: flag.optional(),
    MetricTransformations: z
      .array(
        z.strictObject({
          MetricName: z.string(),
          MetricNamespace: z.string(),
          MetricValue: z.union([z.string(), z.number()]).transform(String),
          DefaultValue: numeric.optional(),
          Dimensions: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
          Unit: z.string().optional(),
        }),
      )
      .length(1),
  }),
  access: ({ LogGroupName }, at, change) =>
    (change === 'delete' ? ['DeleteMetricFilter'] : ['PutMetricFilter', 'DescribeMetricFilters']).map((action) =>
      logAccess(at.world, action, at, LogGroupName),
    ),
  put: (wanted, at, previous) => {
    const generated = () => `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    const name = wanted.FilterName ?? previous?.physicalId ?? generated();
    const group = wanted.LogGroupName;
    requireGroup(at.world, at, group);
    const before = previous?.properties.LogGroupName;
    const own = previous?.physicalId === name && before === group;
    const there = filtersOf(at.world, at, group).some((filter) => filter.name === name);
    refuseIfThere('AWS::Logs::MetricFilter', name, !own && there);
    writeFilter(at.world, at, {
      group,
      name,
      pattern: wanted.FilterPattern,
      transformations: wanted.MetricTransformations.map((each) => ({
        metricName: each.MetricName,
        metricNamespace: each.MetricNamespace,
        metricValue: each.MetricValue,
        defaultValue: each.DefaultValue,
        dimensions: each.Dimensions && Object.fromEntries(each.Dimensions.map(({ Key, Value }) => [Key, Value])),
        unit: each.Unit,
      })),
    });
    if (before !== undefined && before !== group && previous?.physicalId === name)
      removeFilter(at.world, at, before, name);
    return { physicalId: name, attributes: {} };
  },
  remove: ({ physicalId, properties }, at) => void removeFilter(at.world, at, properties.LogGroupName, physicalId),
});
