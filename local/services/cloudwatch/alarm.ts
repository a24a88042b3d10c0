import { z } from 'zod';
import { tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { alarmArn, alarmShape, removeAlarm, writeAlarm } from './alarms.ts';
import { alarms } from './tables.ts';
import { tagMap } from './tags.ts';

/** AWS::CloudWatch::Alarm on one metric. Metric math (`Metrics`), percentiles and anomaly detection are refused by name. */
export const alarm = resource({
  simplified: 'Evaluated when a metric comes in, the running period included, and not once a period at whole periods.',
  properties: z.strictObject({ AlarmName: z.string().optional(), ...alarmShape, Tags: tags.optional() }),
  access: ({ AlarmName }, at, change) => {
    const actions = {
      create: ['PutMetricAlarm', 'DescribeAlarms'],
      update: ['PutMetricAlarm', 'DescribeAlarms'],
      delete: ['DeleteAlarms'],
    };
    const arn = alarmArn(at, AlarmName ?? `${at.stackName}-*`);
    return actions[change].map((action) => ({ action: `cloudwatch:${action}`, resource: arn }));
  },
  put: ({ AlarmName, Tags = [], ...wanted }, at, previous) => {
    const name = AlarmName ?? previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    const there = previous?.physicalId !== name && at.world.store.in(alarms).has(alarmArn(at, name));
    refuseIfThere('AWS::CloudWatch::Alarm', name, there);
    const given = { ...at.tags, ...tagMap(Tags) };
    const { arn } = writeAlarm(at.world, at, name, wanted, given);
    at.world.store.in(alarms).update(arn, (row) => ({ ...row, tags: given }));
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ physicalId }, at) => removeAlarm(at.world, alarmArn(at, physicalId)),
});
