import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { queueAccess, queueUrl, requireQueue } from './queues.ts';
import { checkRange } from './refusal.ts';
import { type Queue, queues } from './tables.ts';

/** Where a queue's redrive policy sends what was received too often; undefined without a policy. */
export function redriveOf({
  settings: { RedrivePolicy = '' },
}: Pick<Queue, 'settings'>): { target: string; mostReceives: number } | undefined {
  if (RedrivePolicy === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy) as Record<string, unknown>;
  return { target: String(deadLetterTargetArn), mostReceives: Number(maxReceiveCount) };
}

/** The queues whose redrive policy names this one. */
export const sourcesOf = (world: World, arn: string): readonly Queue[] =>
  world.store.in(queues).where((queue) => redriveOf(queue)?.target === arn);

/** The URLs of the queues whose dead-letter queue this is. */
export const listDeadLetterSourceQueues = operation({
  input: z.object({ QueueUrl: z.string(), NextToken: z.string().optional(), MaxResults: numeric.optional() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ListDeadLetterSourceQueues', QueueUrl, call)],
  run: ({ QueueUrl, NextToken, MaxResults }, call) => {
    checkRange('MaxResults', MaxResults, [1, 1000]);
    const { arn } = requireQueue(call.world, QueueUrl, call);
    const page = pageOf(sourcesOf(call.world, arn), NextToken, MaxResults ?? 1000, 'InvalidParameterValueException');
    return { queueUrls: page.items.map((queue) => queueUrl(call.world, queue)), NextToken: page.next };
  },
});
