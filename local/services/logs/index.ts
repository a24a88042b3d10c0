import type { ResourceModel, Service } from '../../world/service.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import {
  createLogGroup,
  deleteLogGroup,
  describeLogGroups,
  listTagsForResource,
  putRetentionPolicy,
} from './group-operations.ts';
import { logGroup } from './log-group.ts';
import { logStream } from './log-stream.ts';
import { putLogEvents } from './put-log-events.ts';
import { resourcePolicy } from './resource-policy.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './resource-policy-operations.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './stream-operations.ts';

/** Amazon CloudWatch Logs. */
export const logs: Service = {
  name: 'logs',
  targetPrefix: 'Logs_20140328',
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteResourcePolicy: deleteResourcePolicy,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    DescribeResourcePolicies: describeResourcePolicies,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    ListTagsForResource: listTagsForResource,
    PutLogEvents: putLogEvents,
    PutResourcePolicy: putResourcePolicy,
    PutRetentionPolicy: putRetentionPolicy,
  },
};

export const logsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'AWS::Logs::ResourcePolicy': resourcePolicy,
};
