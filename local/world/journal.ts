import type { Clock } from './clock.ts';

/**
 * What an entry tells. `call`: an API call with its IAM decision; `event`: an event arrived on a bus; `match`: a rule's verdict
 * on it; `delivery`: one attempt to hand it to a target; `state`: something changed state (an execution, a stage, a build, an
 * alarm); `log`: a line a function or a build printed; `fault`: something the local cloud itself got wrong.
 */
export type EntryKind = 'call' | 'event' | 'match' | 'delivery' | 'state' | 'log' | 'fault';

/** One line of the journal, the one output of the local cloud. */
export interface Entry {
  readonly id: string;
  /** The entry that led to this one, if any. */
  readonly cause?: string;
  /** ISO 8601 in UTC with milliseconds, in world time. */
  readonly time: string;
  readonly kind: EntryKind;
  readonly account: string;
  readonly region: string;
  /** What it is about: an ARN where there is one. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly text: string;
  /** For `call` and `delivery`: whether it was let through. */
  readonly allowed?: boolean;
  /** The same for machines; its shape depends on the kind and the subject. Holds no secrets. */
  readonly detail?: unknown;
}

/** How many entries are kept; older ones are dropped. */
const keptEntries = 20_000;

/** Append-only, bounded, and readable live. */
export class Journal {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes an entry and answers its id, to be given on as the cause of what follows. */
  write(entry: Omit<Entry, 'id' | 'time'>): string {
    const written: Entry = { id: `j${this.#next++}`, time: this.#clock.date().toISOString(), ...entry };
    this.#entries.push(written);
    if (this.#entries.length > keptEntries * 1.25) this.#entries.splice(0, this.#entries.length - keptEntries);
    for (const listener of this.#listeners) this.#tell(listener, written);
    return written.id;
  }

  /** Who watches must not steer the world: a listener that throws is not called again, and the journal says why. */
  #tell(listener: (entry: Entry) => void, entry: Entry): void {
    try {
      listener(entry);
    } catch (error) {
      this.#listeners.delete(listener);
      const text = `a listener of the journal failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      this.write({ kind: 'fault', account: '', region: '', subject: 'journal', text, cause: entry.id });
    }
  }

  /** The entries still kept, oldest first. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Calls back for each entry from now on, until the answered function is called. */
  follow(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
