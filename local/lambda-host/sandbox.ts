import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

/** What a function's worker is started with. */
export interface SandboxSettings {
  /** The module's file. */
  readonly file: string;
  /** As messages name it: `index`. */
  readonly module: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  /** Shared with the worker: world time ahead of the machine's, in milliseconds. */
  readonly ahead: SharedArrayBuffer;
  /** Each line the function prints. */
  readonly onLine: (line: string) => void;
}

/** One invocation's input. */
export interface SandboxEvent {
  readonly event: unknown;
  readonly context: Readonly<Record<string, unknown>> & { readonly remainingMilliseconds: number };
  readonly trace: string;
}

/** How an invocation ended: the value as JSON text, or the error as Lambda shows it. */
export type SandboxOutcome = { readonly value: string } | { readonly failure: FunctionFailure };

/** The error document of a failed invocation. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** A worker thread that holds one function's code and runs one invocation at a time. */
export class Sandbox {
  readonly #worker: Worker;
  #waiting: ((outcome: SandboxOutcome) => void) | undefined;
  #next = 0;
  dead = false;

  constructor(settings: SandboxSettings) {
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      env: { ...settings.environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      // A small young generation keeps an idle worker small; functions here live for milliseconds.
      resourceLimits: { maxOldGenerationSizeMb: Math.max(128, settings.memoryMegabytes), maxYoungGenerationSizeMb: 4 },
      workerData: {
        file: settings.file,
        module: settings.module,
        exportName: settings.exportName,
        ahead: settings.ahead,
      },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', settings.onLine);
    }
    this.#worker.on('message', ({ value, failure }: { value?: string; failure?: FunctionFailure }) =>
      this.#settle(failure === undefined ? { value: value ?? 'null' } : { failure }),
    );
    this.#worker.on('error', (error: Error) => this.#die({ errorType: error.name, errorMessage: error.message }));
    this.#worker.on('exit', () =>
      this.#die({ errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited without providing a reason' }),
    );
    this.#worker.unref();
  }

  /** Runs one invocation; must not be called while another one runs. */
  run(event: SandboxEvent): Promise<SandboxOutcome> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#worker.postMessage({ id: this.#next++, ...event });
    });
  }

  /** Ends the worker at once; an invocation that runs ends with `reason`. */
  async kill(reason: FunctionFailure): Promise<void> {
    this.#die(reason);
    await this.#worker.terminate();
  }

  #die(reason: FunctionFailure): void {
    this.dead = true;
    this.#settle({ failure: reason });
  }

  #settle(outcome: SandboxOutcome): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(outcome);
  }
}
