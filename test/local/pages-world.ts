import type { OpenWorld } from '../../local/open-world.ts';
import { type Alarm, type AlarmChange, alarmHistory, alarms, metrics } from '../../local/services/cloudwatch/tables.ts';
import { batches } from '../../local/services/codebuild/batch-tables.ts';
import { reportGroups, reports } from '../../local/services/codebuild/report-tables.ts';
import { builds, projects } from '../../local/services/codebuild/tables.ts';
import {
  applications,
  configs,
  deployments,
  groups,
  onPremises,
  targets,
} from '../../local/services/codedeploy/tables.ts';
import { archives, buses, type Replay, replays, rules } from '../../local/services/events/tables.ts';
import { scheduleGroups, schedules } from '../../local/services/scheduler/tables.ts';
import { subscriptions, topics } from '../../local/services/sns/tables.ts';
import { queues } from '../../local/services/sqs/tables.ts';
import type { TableName } from '../../local/world/store.ts';
import { bareWorld, type ClientSettings } from './bare-world.ts';

/** The account and region whose things are listed. */
export const at = { account: '333333333333', region: 'eu-west-1' };

/** More than the longest page of services that take no length. */
export const many = 120;
/** More than one page of three. */
export const few = 7;

/** An ARN of that account and region. */
export const arnOf = (service: string, rest: string): string => `arn:aws:${service}:${at.region}:${at.account}:${rest}`;

/**
 * A world with so many things of each kind that they do not fit one page. They are rows with no more than what lists show: making
 * them by API would take longer than all the tests of lists together.
 */
export async function pagesWorld(): Promise<OpenWorld & { readonly settings: ClientSettings }> {
  const open = await bareWorld();
  const put = <Row>(name: TableName<Row>, count: number, row: (index: number) => readonly [string, object]): void => {
    for (let index = 0; index < count; index++) {
      const [key, content] = row(index);
      open.world.store.in(name).put(key, { ...at, createdAt: index, modifiedAt: index, ...content } as Row);
    }
  };
  open.world.store.in(alarmHistory).put('history', changes());
  watched(put);
  built(put);
  deployed(put);
  routed(put);
  queued(put);
  return { ...open, settings: open.client(at.account, at.region) };
}

type Put = <Row>(name: TableName<Row>, count: number, row: (index: number) => readonly [string, object]) => void;

/** A name whose order is that of its number. */
const named = (index: number): string => `n${String(index).padStart(4, '0')}`;

/** Of one alarm. */
const changes = (): readonly AlarmChange[] =>
  Array.from({ length: few }, (_, index) => ({
    ...at,
    alarmName: 'n0000',
    at: index,
    type: 'StateUpdate',
    summary: named(index),
    data: '{}',
  }));

function watched(put: Put): void {
  put(alarms, few, (index) => {
    const arn = arnOf('cloudwatch', `alarm:${named(index)}`);
    return [arn, { arn, name: named(index), dimensions: {}, alarmActions: [] } satisfies Partial<Alarm>];
  });

  put(metrics, 520, (index) => [named(index), { namespace: 'pages', name: named(index), dimensions: {} }]);
}

function built(put: Put): void {
  const project = (index: number) => ({
    ...at,
    name: named(index),
    arn: arnOf('codebuild', `project/${named(index)}`),
  });
  put(projects, many, (index) => [project(index).arn, project(index)]);
  put(builds, many, (index) => [`n0000:${index}`, { id: `n0000:${named(index)}`, project: project(0) }]);
  put(batches, few, (index) => [`n0000:${index}`, { id: `n0000:${named(index)}`, template: { project: project(0) } }]);
  const group = (index: number) => arnOf('codebuild', `report-group/${named(index)}`);
  put(reportGroups, few, (index) => [group(index), { arn: group(index), name: named(index) }]);
  const cases = Array.from({ length: few }, (_, index) => ({ prefix: '', name: named(index) }));
  const files = Array.from({ length: few }, (_, index) => ({
    filePath: named(index),
    linesCovered: 1,
    linesMissed: 1,
  }));
  put(reports, few, (index) => {
    const arn = arnOf('codebuild', `report/n0000:${named(index)}`);
    return [arn, { arn, groupArn: group(0), cases, files }];
  });
}

/** `d-` and nine letters or digits. */
export const deploymentId = (index: number): string => `d-PAGES${String(index).padStart(4, '0')}`;

function deployed(put: Put): void {
  const key = (...names: readonly string[]) => [at.account, at.region, ...names].join('/');
  put(applications, many, (index) => [key(named(index)), { name: named(index) }]);
  put(groups, many, (index) => [key('n0000', named(index)), { name: named(index), application: 'n0000' }]);
  put(configs, many, (index) => [key(named(index)), { name: named(index) }]);
  put(onPremises, many, (index) => [key(named(index)), { name: named(index) }]);
  put(deployments, many, (index) => [deploymentId(index), { id: deploymentId(index) }]);
  put(targets, many, (index) => [named(index), { id: named(index), deploymentId: deploymentId(0) }]);
}

function routed(put: Put): void {
  const bus = arnOf('events', 'event-bus/n0000');
  const targetsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: named(index), Arn: arnOf('sqs', 'x') }));
  put(buses, few, (index) => {
    const arn = arnOf('events', `event-bus/${named(index)}`);
    return [arn, { arn, name: named(index) }];
  });
  put(rules, few, (index) => {
    const arn = arnOf('events', `rule/n0000/${named(index)}`);
    return [arn, { arn, name: named(index), busArn: bus, state: 'ENABLED', targets: targetsOf(few), tags: {} }];
  });
  put(archives, few, (index) => {
    const arn = arnOf('events', `archive/${named(index)}`);
    return [arn, { arn, name: named(index), busArn: bus, events: [] }];
  });
  put(replays, few, (index) => {
    const arn = arnOf('events', `replay/${named(index)}`);
    return [
      arn,
      { arn, name: named(index), archiveArn: '', from: 0, until: 1, startedAt: 0 } satisfies Partial<Replay>,
    ];
  });
  put(scheduleGroups, few, (index) => {
    const arn = arnOf('scheduler', `schedule-group/${named(index)}`);
    return [arn, { arn, name: named(index), tags: {} }];
  });
  put(schedules, few, (index) => {
    const arn = arnOf('scheduler', `schedule/n0000/${named(index)}`);
    return [arn, { arn, name: named(index), group: 'n0000', target: {} }];
  });
}

function queued(put: Put): void {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('sqs', 'n0000'), maxReceiveCount: 1 });
  put(queues, few + 1, (index) => {
    const arn = arnOf('sqs', named(index));
    return [arn, { arn, name: named(index), settings: index === 0 ? {} : { RedrivePolicy } }];
  });
  put(topics, many, (index) => {
    const arn = arnOf('sns', named(index));
    return [arn, { arn, name: named(index), tags: {} }];
  });
  put(subscriptions, many, (index) => {
    const arn = `${arnOf('sns', 'n0000')}:${named(index)}`;
    return [
      arn,
      { arn, owner: at.account, topicArn: arnOf('sns', 'n0000'), protocol: 'email', endpoint: named(index) },
    ];
  });
}
