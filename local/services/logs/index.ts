import type { ResourceModel, Service } from '../../world/service.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './group-operations.ts';
import { logGroup } from './log-group.ts';
import { logStream } from './log-stream.ts';
import { metricFilter } from './metric-filter.ts';
import {
  deleteMetricFilter,
  describeMetricFilters,
  putMetricFilter,
  testMetricFilter,
} from './metric-filter-operations.ts';
import { putLogEvents } from './put-log-events.ts';
import { resourcePolicy } from './resource-policy.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './resource-policy-operations.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './stream-operations.ts';
import { tagOperations } from './tags.ts';

/** Amazon CloudWatch Logs. */
export const logs: Service = {
  name: 'logs',
  targetPrefix: 'Logs_20140328',
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteMetricFilter: deleteMetricFilter,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    DescribeMetricFilters: describeMetricFilters,
    DescribeResourcePolicies: describeResourcePolicies,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    PutLogEvents: putLogEvents,
    PutMetricFilter: putMetricFilter,
    PutResourcePolicy: putResourcePolicy,
    PutRetentionPolicy: putRetentionPolicy,
    TestMetricFilter: testMetricFilter,
    ...tagOperations,
  },
};

export const logsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::Logs::ResourcePolicy': resourcePolicy,
};
