import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { queueAccess, queueArn, queueUrl, requireQueue } from './queues.ts';
import { checkRange } from './refusal.ts';
import { checkSettings, checkTogether, makeQueue } from './settings.ts';
import { lastDeletions, queues } from './tables.ts';

const forgettingMilliseconds = 60_000;
const settings = z.record(z.string(), z.string());

/** Creates a queue; an equal one that is there is answered. */
export const createQueue = operation({
  input: z.object({ QueueName: z.string(), Attributes: settings.optional(), tags: settings.optional() }),
  access: ({ QueueName }, call) => [{ action: 'sqs:CreateQueue', resource: queueArn(call, QueueName) }],
  run: ({ QueueName, Attributes = {}, tags = {} }, call) => {
    const deleted = call.world.store.in(lastDeletions).get(queueArn(call, QueueName));
    if (deleted !== undefined && call.world.clock.now() - deleted < forgettingMilliseconds)
      throw new AwsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    return { QueueUrl: queueUrl(call.world, makeQueue(call.world, call, QueueName, Attributes, tags)) };
  },
});

/** Deletes a queue with its messages. */
export const deleteQueue = operation({
  input: z.object({ QueueUrl: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'DeleteQueue', QueueUrl, call)],
  run: ({ QueueUrl }, call) => {
    const { arn } = requireQueue(call.world, QueueUrl, call);
    call.world.store.in(queues).delete(arn);
    call.world.store.in(lastDeletions).put(arn, call.world.clock.now());
    return {};
  },
});

/** The URL of a queue by its name. */
export const getQueueUrl = operation({
  input: z.object({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
  access: ({ QueueName, QueueOwnerAWSAccountId }, call) => [
    queueAccess(call.world, 'GetQueueUrl', `/${QueueOwnerAWSAccountId ?? call.account}/${QueueName}`, call),
  ],
  run: ({ QueueName, QueueOwnerAWSAccountId }, call) => ({
    QueueUrl: queueUrl(call.world, { account: QueueOwnerAWSAccountId ?? call.account, name: QueueName }),
  }),
});

/** The URLs of an account's queues. */
export const listQueues = operation({
  input: z.object({
    QueueNamePrefix: z.string().optional(),
    NextToken: z.string().optional(),
    MaxResults: numeric.optional(),
  }),
  access: (_input, call) => [{ action: 'sqs:ListQueues', resource: queueArn(call, '*') }],
  run: ({ QueueNamePrefix = '', NextToken, MaxResults = 1000 }, { world, account, region }) => {
    checkRange('MaxResults', MaxResults, [1, 1000]);
    const found = world.store
      .in(queues)
      .where((queue) => queue.account === account && queue.region === region && queue.name.startsWith(QueueNamePrefix));
    const page = pageOf(found, NextToken, MaxResults, 'InvalidParameterValueException');
    return {
      ...(page.items.length === 0 ? {} : { QueueUrls: page.items.map((queue) => queueUrl(world, queue)) }),
      NextToken: page.next,
    };
  },
});

/** Changes settings of a queue; empty text takes one away. */
export const setQueueAttributes = operation({
  input: z.object({ QueueUrl: z.string(), Attributes: settings }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'SetQueueAttributes', QueueUrl, call)],
  run: ({ QueueUrl, Attributes }, call) => {
    const { arn, settings: before, ...queue } = requireQueue(call.world, QueueUrl, call);
    if ('FifoQueue' in Attributes && Attributes['FifoQueue'] !== before['FifoQueue'])
      throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
    checkSettings(Attributes);
    checkTogether(call.world, { ...queue, arn, settings: { ...before, ...Attributes } });
    call.world.store.in(queues).update(arn, (queue) => ({
      ...queue,
      settings: Object.fromEntries(
        Object.entries({ ...queue.settings, ...Attributes }).filter(([, value]) => value !== ''),
      ),
      modifiedAt: call.world.clock.now(),
    }));
    return {};
  },
});
