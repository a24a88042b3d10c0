import type { World } from '../../world/world.ts';
import { changed, enqueue, forgetOld } from './keep.ts';
import { type MoveTask, moveTasks, type Queue, queues } from './tables.ts';

/** Moves what a task may move in this second, and plans the next second while there is more. */
export function moveSome(world: World, id: string): void {
  const task = world.store.in(moveTasks).get(id);
  const source = task && world.store.in(queues).get(task.sourceArn);
  if (task === undefined || task.status !== 'RUNNING') return;
  if (source === undefined) return end(world, task, 'FAILED', 'AWS.SimpleQueueService.NonExistentQueue');
  forgetOld(world, source);
  const now = world.clock.now();
  const ready = source.messages.filter(({ visibleAt }) => visibleAt <= now);
  for (const message of ready.slice(0, task.perSecond ?? ready.length)) {
    const to = task.destinationArn ?? message.movedFrom;
    if (to === undefined) return end(world, task, 'FAILED', 'CouldNotDetermineMessageSource');
    const destination = world.store.in(queues).get(to);
    if (destination === undefined) return end(world, task, 'FAILED', 'AWS.SimpleQueueService.NonExistentQueue');
    source.messages.splice(source.messages.indexOf(message), 1);
    enqueue(world, destination, message);
    task.moved += 1;
    journalMove(world, source, destination, task.id);
  }
  changed(world, source);
  if (task.perSecond === undefined || ready.length <= task.perSecond) return end(world, task, 'COMPLETED');
  world.clock.after(1000, () => moveSome(world, id));
}

function end(world: World, task: MoveTask, status: MoveTask['status'], failure?: string): void {
  world.store.in(moveTasks).put(task.id, { ...task, status, failure });
}

function journalMove(world: World, { account, region, arn, name }: Queue, to: Queue, taskId: string): void {
  const text = `queue ${name} moved a message back to ${to.name}`;
  world.journal.write({ kind: 'delivery', account, region, subject: arn, text, allowed: true, detail: { taskId } });
}
