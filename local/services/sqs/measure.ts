import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { queues } from './tables.ts';

const periodMilliseconds = 60_000;

/** Measures what stands in a queue now, and once a minute for as long as something does: an alarm must not think it gone. */
export function measure(world: World, arn: string): void {
  const queue = world.store.in(queues).get(arn);
  if (queue === undefined) return;
  const now = world.clock.now();
  const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= now).length;
  const point = { namespace: 'AWS/SQS', dimensions: { QueueName: queue.name }, unit: 'Count' };
  putMetric(world, queue, { ...point, name: 'ApproximateNumberOfMessagesVisible', value: visible });
  putMetric(world, queue, {
    ...point,
    name: 'ApproximateNumberOfMessagesNotVisible',
    value: queue.messages.length - visible,
  });
  if (queue.messages.length > 0) measureAgain(world, arn);
}

function measureAgain(world: World, arn: string): void {
  const key = `sqs/measure/${arn}`;
  if (world.live.find(key) !== undefined) return;
  world.live.get(key, () => {
    const timer = world.clock.after(periodMilliseconds, () => {
      void world.live.close(key);
      measure(world, arn);
    });
    return { close: () => timer.cancel() };
  });
}
