import type { Closable } from '../../world/live.ts';
import type { World } from '../../world/world.ts';

/** Those who wait for messages of one queue. */
class Waiting implements Closable {
  readonly #wake = new Set<() => void>();

  add(wake: () => void): void {
    this.#wake.add(wake);
  }

  remove(wake: () => void): void {
    this.#wake.delete(wake);
  }

  wakeAll(): void {
    for (const wake of [...this.#wake]) wake();
  }

  close(): void {
    this.wakeAll();
  }
}

const key = (arn: string) => `sqs/waiting/${arn}`;

/** Resolves when something changes in the queue, at `until` (world time in milliseconds) at the latest. */
export function changeIn(world: World, arn: string, until: number): Promise<void> {
  const waiting = world.live.get(key(arn), () => new Waiting());
  return new Promise((resolve) => {
    const done = () => {
      waiting.remove(done);
      timer.cancel();
      resolve();
    };
    const timer = world.clock.after(until - world.clock.now(), done);
    waiting.add(done);
  });
}

/** Lets those who wait look again. */
export const wakeReceivers = (world: World, arn: string): void => world.live.find<Waiting>(key(arn))?.wakeAll();
