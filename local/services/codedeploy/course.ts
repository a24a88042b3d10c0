import type { Closable } from '../../world/live.ts';
import type { World } from '../../world/world.ts';
import type { RollbackEvent } from './tables.ts';

/** Why a deployment is ended before its end. */
export interface Stop {
  readonly code: 'MANUAL_STOP' | 'ALARM_ACTIVE';
  readonly message: string;
  readonly event: RollbackEvent;
  /** Set when the call that stopped it wants a rollback whatever the group says. */
  readonly rollBack?: boolean;
}

/** How a deployment ended. */
export type Outcome =
  | { readonly status: 'Succeeded' }
  | { readonly status: 'Failed' | 'Stopped'; readonly error: { readonly code: string; readonly message: string } };

/** A deployment under way: it can be stopped, and its end awaited. */
export class Course implements Closable {
  stop: Stop | undefined;
  readonly interrupted: Promise<void>;
  #interrupt: () => void = () => undefined;
  ended: Promise<void> = Promise.resolve();

  constructor() {
    this.interrupted = new Promise((resolve) => {
      this.#interrupt = resolve;
    });
  }

  /** Asks for the end; what runs on an instance finishes its lifecycle event first. */
  halt(stop: Stop): void {
    this.stop ??= stop;
    this.#interrupt();
  }

  /** Waits that much world time, or until the deployment is stopped. */
  pause(world: World, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = world.clock.after(milliseconds, resolve);
      void this.interrupted.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** The world ends, or the deployment has ended: nothing more begins. */
  close(): void {
    const message = 'The local cloud stopped.';
    this.halt({ code: 'MANUAL_STOP', message, event: 'DEPLOYMENT_STOP_ON_REQUEST', rollBack: false });
  }
}

const keyOf = (id: string): string => `codedeploy/deployment/${id}`;

/** The course of a deployment, made on first use. */
export const openCourse = (world: World, id: string): Course => world.live.get(keyOf(id), () => new Course());

/** The course of a deployment that has not ended. */
export const findCourse = (world: World, id: string): Course | undefined => world.live.find<Course>(keyOf(id));

/** Forgets it. */
export const closeCourse = (world: World, id: string): Promise<void> => world.live.close(keyOf(id));
