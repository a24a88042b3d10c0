import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { redriveOf } from './dead-letter-sources.ts';
import { isFifo, queueArn } from './queues.ts';
import { invalidParameter, invalidValue } from './refusal.ts';
import { type Queue, queues } from './tables.ts';

/** The attributes that can be set, each with what its text must look like. FIFO attributes are checked against the queue's kind. */
const settable: Readonly<Record<string, (text: string) => boolean>> = {
  ContentBasedDeduplication: isFlag,
  DelaySeconds: within(0, 900),
  DeduplicationScope: (text) => ['messageGroup', 'queue'].includes(text),
  FifoQueue: (text) => text === 'true',
  FifoThroughputLimit: (text) => ['perQueue', 'perMessageGroupId'].includes(text),
  KmsDataKeyReusePeriodSeconds: within(60, 86_400),
  KmsMasterKeyId: () => true,
  MaximumMessageSize: within(1024, 1_048_576),
  MessageRetentionPeriod: within(60, 1_209_600),
  Policy: isPolicy,
  ReceiveMessageWaitTimeSeconds: within(0, 20),
  RedriveAllowPolicy: isRedriveAllow,
  RedrivePolicy: isRedrive,
  SqsManagedSseEnabled: isFlag,
  VisibilityTimeout: within(0, 43_200),
};

function isFlag(text: string): boolean {
  return text === 'true' || text === 'false';
}

function within(least: number, most: number): (text: string) => boolean {
  return (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function isPolicy(text: string): boolean {
  if (text === '') return true;
  try {
    return parsePolicy(JSON.parse(text)).statements.length > 0;
  } catch (error) {
    if (error instanceof Fault || error instanceof SyntaxError) return false;
    throw error;
  }
}

function isObject(text: string): boolean {
  try {
    return text === '' || typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function isRedrive(text: string): boolean {
  if (text === '') return true;
  if (!isObject(text)) return false;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Record<string, unknown>;
  return typeof deadLetterTargetArn === 'string' && within(1, 1000)(String(maxReceiveCount));
}

const mostSources = 10;

function isRedriveAllow(text: string): boolean {
  if (text === '') return true;
  if (!isObject(text)) return false;
  const { redrivePermission, sourceQueueArns, ...others } = JSON.parse(text) as Record<string, unknown>;
  if (Object.keys(others).length > 0) return false;
  if (redrivePermission !== 'byQueue')
    return ['allowAll', 'denyAll'].includes(String(redrivePermission)) && sourceQueueArns === undefined;
  return (
    Array.isArray(sourceQueueArns) &&
    sourceQueueArns.length > 0 &&
    sourceQueueArns.length <= mostSources &&
    sourceQueueArns.every((arn) => typeof arn === 'string')
  );
}

/** Throws what SQS says about settings that do not go together, or not with the dead-letter queue. */
export function checkTogether(world: World, queue: Pick<Queue, 'arn' | 'account' | 'region' | 'settings'>): void {
  const { settings } = queue;
  const fifoOnly = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];
  const odd = fifoOnly.find((name) => settings[name] !== undefined && !isFifo(queue));
  if (odd !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${odd}.`);
  if (settings['FifoThroughputLimit'] === 'perMessageGroupId' && settings['DeduplicationScope'] !== 'messageGroup')
    throw invalidParameter(
      'When DeduplicationScope is not set to messageGroup, FifoThroughputLimit cannot be perMessageGroupId.',
    );
  checkDeadLetterQueue(world, queue);
}

/** The queue named must be there, of the same kind, account and region, and let this one in. */
function checkDeadLetterQueue(world: World, queue: Parameters<typeof checkTogether>[1]): void {
  const policy = redriveOf(queue);
  if (policy === undefined) return;
  const refused = (reason: string) => invalidValue('RedrivePolicy', queue.settings['RedrivePolicy'], reason);
  const target = world.store.in(queues).get(policy.target);
  if (target === undefined || target.account !== queue.account || target.region !== queue.region)
    throw refused('Dead letter target does not exist.');
  if (isFifo(target) !== isFifo(queue)) throw refused('Dead-letter queue must be same type of queue as the source.');
  const allow = JSON.parse(target.settings['RedriveAllowPolicy'] || '{}') as {
    readonly redrivePermission?: string;
    readonly sourceQueueArns?: readonly string[];
  };
  const named = allow.sourceQueueArns?.includes(queue.arn) === true;
  if (allow.redrivePermission === 'denyAll' || (allow.redrivePermission === 'byQueue' && !named))
    throw refused("The dead-letter queue's redrive allow policy does not permit this source queue.");
}

/** Throws InvalidAttributeName or InvalidAttributeValue with AWS's texts. */
export function checkSettings(settings: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(settings)) {
    const accepts = Object.hasOwn(settable, name) ? settable[name] : undefined;
    if (accepts === undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (!accepts(text)) throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

/** Makes a queue; the same name with the same settings answers the queue that is there. Throws QueueNameExists. */
export function makeQueue(
  world: World,
  place: Place,
  name: string,
  settings: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): Queue {
  checkName(name, settings);
  checkSettings(settings);
  const arn = queueArn(place, name);
  const known = world.store.in(queues).get(arn);
  if (known !== undefined) {
    const differs = Object.entries(settings).find(([key, value]) => known.settings[key] !== value);
    if (differs === undefined) return known;
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
    );
  }
  const { account, region } = place;
  checkTogether(world, { arn, account, region, settings });
  const now = world.clock.now();
  const queue = { arn, account, region, name, settings, tags, createdAt: now, modifiedAt: now, messages: [] };
  world.store.in(queues).put(arn, queue);
  return queue;
}

function checkName(name: string, settings: Readonly<Record<string, string>>): void {
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80)
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  if (name.endsWith('.fifo') !== (settings['FifoQueue'] === 'true'))
    throw invalidParameter("The name of a FIFO queue can only end with '.fifo' and only a FIFO queue's does.");
}
