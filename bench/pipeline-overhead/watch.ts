import type { Entry } from '../../local/world/journal.ts';
import type { World } from '../../local/world/world.ts';

/** Reads the journal as it is written: when actions and their commands began and ended. */
export class Watch {
  readonly toBuildspec: number[] = [];
  #started = 0;
  #ended = 0;
  #ends = new Map<string, () => void>();
  #wanted: { readonly count: number; readonly reached: () => void } | undefined;

  constructor(world: World) {
    world.journal.follow((entry) => this.#note(entry));
  }

  forget(): void {
    this.toBuildspec.length = 0;
  }

  /** Resolves when an execution has ended. */
  ended(id: string): Promise<void> {
    return new Promise((resolve) => this.#ends.set(id, resolve));
  }

  /** Resolves when so many executions have ended since the watch began. */
  allEnded(count: number): Promise<void> {
    return new Promise((reached) => {
      this.#wanted = { count, reached };
      this.#look();
    });
  }

  #look(): void {
    if (this.#wanted !== undefined && this.#ended >= this.#wanted.count) this.#wanted.reached();
  }

  #note({ kind, text, detail }: Entry): void {
    const now = performance.now();
    if (kind === 'log' && text === 'begun') this.toBuildspec.push(now - this.#started);
    else if (kind === 'event') this.#event((detail as { event: Told }).event, now);
    else if (kind === 'state' && /^orders(-\d+)? is (SUCCEEDED|FAILED)$/.test(text)) {
      const { executionId } = detail as { executionId: string };
      this.#ends.get(executionId)?.();
      this.#ended += 1;
      this.#look();
    }
  }

  #event({ 'detail-type': type, detail }: Told, now: number): void {
    if (type === 'CodePipeline Action Execution State Change' && detail['state'] === 'STARTED') this.#started = now;
  }
}

interface Told {
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}
