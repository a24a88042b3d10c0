import { z } from 'zod';
import { flag, numeric, policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { queueArn, queueUrl } from './queues.ts';
import { checkSettings, checkTogether, makeQueue } from './settings.ts';
import { queues } from './tables.ts';

const properties = z.strictObject({
  QueueName: z.string().optional(),
  ContentBasedDeduplication: flag.optional(),
  DeduplicationScope: z.string().optional(),
  DelaySeconds: numeric.optional(),
  FifoQueue: flag.optional(),
  FifoThroughputLimit: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: numeric.optional(),
  KmsMasterKeyId: z.string().optional(),
  MaximumMessageSize: numeric.optional(),
  MessageRetentionPeriod: numeric.optional(),
  ReceiveMessageWaitTimeSeconds: numeric.optional(),
  RedriveAllowPolicy: policyDocument.optional(),
  RedrivePolicy: policyDocument.optional(),
  SqsManagedSseEnabled: flag.optional(),
  VisibilityTimeout: numeric.optional(),
  Tags: tags.optional(),
});

/** AWS::SQS::Queue. `Ref` answers its URL. */
export const queue = resource({
  properties,
  access: ({ QueueName }, at, change) => {
    const actions = {
      create: ['CreateQueue', 'GetQueueAttributes'],
      update: ['SetQueueAttributes', 'GetQueueAttributes'],
      delete: ['DeleteQueue'],
    }[change];
    const resourceArn = queueArn(at, QueueName ?? `${at.stackName.slice(0, 30)}*`);
    return actions.map((action) => ({ action: `sqs:${action}`, resource: resourceArn }));
  },
  put: ({ QueueName, Tags = [], ...wanted }, at, previous) => {
    const suffix = wanted.FifoQueue ? '.fifo' : '';
    const generated = () =>
      `${at.stackName.slice(0, 30)}-${at.logicalId.slice(0, 30)}-${at.world.chance.hex(12)}${suffix}`;
    const known = previous?.attributes['QueueName'];
    const name = QueueName ?? (typeof known === 'string' ? known : generated());
    const settings = texts(wanted);
    const arn = queueArn(at, name);
    const given = { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    if (known === name) {
      checkSettings(settings);
      checkTogether(at.world, { arn, account: at.account, region: at.region, settings });
      at.world.store
        .in(queues)
        .update(arn, (row) => ({ ...row, settings: { ...policyOf(row.settings), ...settings }, tags: given }));
    } else {
      refuseIfThere('AWS::SQS::Queue', name, at.world.store.in(queues).has(arn));
      makeQueue(at.world, at, name, settings, given);
    }
    const url = queueUrl(at.world, { account: at.account, name });
    return { physicalId: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(queues).delete(String(attributes['Arn'])),
});

/** Settings are text in SQS; documents are JSON. A queue is FIFO or the attribute is absent. */
const texts = (wanted: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wanted)
      .filter(([name, value]) => value !== undefined && !(name === 'FifoQueue' && value === false))
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );

/** The policy belongs to AWS::SQS::QueuePolicy and outlives an update of the queue. */
const policyOf = ({ Policy }: Readonly<Record<string, string>>): Record<string, string> =>
  Policy === undefined ? {} : { Policy };
