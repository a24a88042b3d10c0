import type { ResourceModel, Service } from '../../world/service.ts';
import { archive } from './archive.ts';
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from './archive-operations.ts';
import { createEventBus } from './create-event-bus.ts';
import { deleteEventBus } from './delete-event-bus.ts';
import { deleteRule } from './delete-rule.ts';
import { describeEventBus, listEventBuses } from './describe-event-bus.ts';
import { describeRule } from './describe-rule.ts';
import { emitServiceEvent } from './emit-service-event.ts';
import { eventBus } from './event-bus.ts';
import { eventBusPolicy } from './event-bus-policy.ts';
import { forwardEvent } from './forward-event.ts';
import { listRuleNamesByTarget, listRules } from './list-rules.ts';
import { listTargetsByRule } from './list-targets-by-rule.ts';
import { putEvents } from './put-events.ts';
import { putPermission, removePermission } from './put-permission.ts';
import { putRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import { removeTargets } from './remove-targets.ts';
import { cancelReplay, describeReplay, listReplays, startReplay } from './replay-operations.ts';
import { rule } from './rule.ts';
import { disableRule, enableRule } from './switch-rule.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { testEventPattern } from './test-event-pattern.ts';
import { updateEventBus } from './update-event-bus.ts';

/** Amazon EventBridge, the classic buses. */
export const events: Service = {
  name: 'events',
  targetPrefix: 'AWSEvents',
  operations: {
    CancelReplay: cancelReplay,
    CreateArchive: createArchive,
    CreateEventBus: createEventBus,
    DeleteArchive: deleteArchive,
    DeleteEventBus: deleteEventBus,
    DeleteRule: deleteRule,
    DescribeArchive: describeArchive,
    DescribeEventBus: describeEventBus,
    DescribeReplay: describeReplay,
    DescribeRule: describeRule,
    DisableRule: disableRule,
    EmitServiceEvent: emitServiceEvent,
    EnableRule: enableRule,
    ForwardEvent: forwardEvent,
    ListArchives: listArchives,
    ListEventBuses: listEventBuses,
    ListReplays: listReplays,
    ListRuleNamesByTarget: listRuleNamesByTarget,
    ListRules: listRules,
    ListTagsForResource: listTagsForResource,
    ListTargetsByRule: listTargetsByRule,
    PutEvents: putEvents,
    PutPermission: putPermission,
    PutRule: putRule,
    PutTargets: putTargets,
    RemovePermission: removePermission,
    RemoveTargets: removeTargets,
    StartReplay: startReplay,
    TagResource: tagResource,
    TestEventPattern: testEventPattern,
    UntagResource: untagResource,
    UpdateArchive: updateArchive,
    UpdateEventBus: updateEventBus,
  },
};

export const eventsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Events::Archive': archive,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::EventBusPolicy': eventBusPolicy,
  'AWS::Events::Rule': rule,
};
