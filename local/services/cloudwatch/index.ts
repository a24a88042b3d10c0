import type { ResourceModel, Service } from '../../world/service.ts';
import { alarm } from './alarm.ts';
import {
  deleteAlarms,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  putMetricAlarm,
  setAlarmState,
} from './alarm-operations.ts';
import { putMetricData } from './put-metric-data.ts';
import { getMetricData, getMetricStatistics, listMetrics } from './read-metrics.ts';
import { disableAlarmActions, enableAlarmActions } from './switch-actions.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** Amazon CloudWatch: metrics by the minute and metric alarms. It signs as `monitoring`. */
export const cloudwatch: Service = {
  name: 'cloudwatch',
  targetPrefix: 'GraniteServiceVersion20100801',
  jsonVersion: '1.0',
  queryNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  operations: {
    DeleteAlarms: deleteAlarms,
    DescribeAlarmHistory: describeAlarmHistory,
    DescribeAlarms: describeAlarms,
    DescribeAlarmsForMetric: describeAlarmsForMetric,
    DisableAlarmActions: disableAlarmActions,
    EnableAlarmActions: enableAlarmActions,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    ListTagsForResource: listTagsForResource,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};

export const cloudwatchResources: Readonly<Record<string, ResourceModel>> = { 'AWS::CloudWatch::Alarm': alarm };
