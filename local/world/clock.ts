/** The world's time. Nothing in `local/` asks the machine for the time or sleeps by itself. */
export interface Clock {
  /** Milliseconds since 1970 in the world's time. */
  now(): number;
  /** The world's time as a Date, for formatting. */
  date(): Date;
  /** Runs `task` once, `milliseconds` of world time from now. The timer never keeps the process alive. */
  after(milliseconds: number, task: () => void): Timer;
  /** Resolves after that much world time. */
  sleep(milliseconds: number): Promise<void>;
  /** Lets world time pass at once; timers that fall due run in order, each at its own time. */
  advance(milliseconds: number): Promise<void>;
  /** How far world time is ahead of the machine's, in milliseconds; functions run in world time too. */
  readonly aheadMilliseconds: number;
  /** Calls back whenever `aheadMilliseconds` changes. */
  onAdvance(listener: (aheadMilliseconds: number) => void): void;
  /** Cancels everything that is planned. */
  stop(): void;
}

/** A planned task. */
export interface Timer {
  cancel(): void;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
  handle?: NodeJS.Timeout;
}

/** setTimeout cannot wait longer than this; longer waits are made of several. */
const longestWaitMilliseconds = 2 ** 31 - 1;

/** The machine's time, plus whatever was skipped with `advance`. */
export class RunningClock implements Clock {
  #ahead = 0;
  #order = 0;
  #stopped = false;
  readonly #planned = new Set<Planned>();
  readonly #listeners: ((aheadMilliseconds: number) => void)[] = [];

  get aheadMilliseconds(): number {
    return this.#ahead;
  }

  now(): number {
    return Date.now() + this.#ahead;
  }

  date(): Date {
    return new Date(this.now());
  }

  after(milliseconds: number, task: () => void): Timer {
    const planned: Planned = { at: this.now() + Math.max(0, milliseconds), order: this.#order++, task };
    if (this.#stopped) return { cancel: () => {} };
    this.#planned.add(planned);
    this.#arm(planned);
    return { cancel: () => this.#drop(planned) };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  async advance(milliseconds: number): Promise<void> {
    const until = this.now() + milliseconds;
    for (;;) {
      const next = [...this.#planned].sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined || next.at > until) break;
      this.#setAhead(this.#ahead + Math.max(0, next.at - this.now()));
      this.#run(next);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#setAhead(this.#ahead + Math.max(0, until - this.now()));
    for (const planned of this.#planned) this.#arm(planned);
  }

  onAdvance(listener: (aheadMilliseconds: number) => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#stopped = true;
    for (const planned of [...this.#planned]) this.#drop(planned);
  }

  #setAhead(ahead: number): void {
    this.#ahead = ahead;
    for (const listener of this.#listeners) listener(ahead);
  }

  #arm(planned: Planned): void {
    clearTimeout(planned.handle);
    const wait = Math.max(0, planned.at - this.now());
    const due = wait <= longestWaitMilliseconds;
    planned.handle = setTimeout(
      () => (due ? this.#run(planned) : this.#arm(planned)),
      Math.min(wait, longestWaitMilliseconds),
    );
    planned.handle.unref();
  }

  #run(planned: Planned): void {
    this.#drop(planned);
    planned.task();
  }

  #drop(planned: Planned): void {
    clearTimeout(planned.handle);
    this.#planned.delete(planned);
  }
}
