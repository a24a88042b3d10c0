import { existsSync } from 'node:fs';
import type { Closable } from '../world/live.ts';
import type { World } from '../world/world.ts';
import { Sandbox, type SandboxOutcome } from './sandbox.ts';

/** What a pool needs to know about its function. */
export interface PoolSettings {
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly name: string;
  readonly directory: string;
  /** The module without its ending. */
  readonly file: string;
  readonly module: string;
  readonly exportName: string;
  readonly memoryMegabytes: number;
  readonly maximumConcurrency: number;
  /** The environment of a new worker, and when its keys end (milliseconds of world time). */
  readonly environment: () => Promise<{ variables: Record<string, string>; expiresAt: number }>;
  readonly onLine: (line: string) => void;
}

/** One invocation for the pool. */
export interface PoolRequest {
  /** As the function was named, with a qualifier if there was one. */
  readonly invokedArn: string;
  readonly event: unknown;
  readonly requestId: string;
  readonly trace: string;
  readonly timeoutSeconds: number;
}

interface Warm {
  readonly sandbox: Sandbox;
  readonly expiresAt: number;
}

/** The last idle worker keeps its function warm this long; those that a burst needed beside it end soon. */
const idleMilliseconds = 5 * 60 * 1000;
const spareMilliseconds = 3000;

/** The warm workers of one function: an invocation takes an idle one or starts one; after a burst one stays, for five minutes. */
export class FunctionPool implements Closable {
  readonly #world: World;
  readonly #settings: PoolSettings;
  readonly #idle: Warm[] = [];
  readonly #all = new Set<Sandbox>();
  readonly #queue: (() => void)[] = [];
  readonly #ahead = new SharedArrayBuffer(8);
  #running = 0;
  /** How many invocations have ended. */
  #turn = 0;
  #closed = false;

  constructor(world: World, settings: PoolSettings) {
    this.#world = world;
    this.#settings = settings;
    const ahead = new Float64Array(this.#ahead);
    ahead[0] = world.clock.aheadMilliseconds;
    world.clock.onAdvance((milliseconds) => {
      ahead[0] = milliseconds;
    });
  }

  /** Runs one invocation; waits while the function is at its concurrency. */
  async run(request: PoolRequest): Promise<SandboxOutcome> {
    while (this.#running >= this.#settings.maximumConcurrency)
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running++;
    try {
      return await this.#runOn(await this.#take(request.timeoutSeconds), request);
    } catch (error) {
      return {
        failure: {
          errorType: 'Runtime.InitError',
          errorMessage: error instanceof Error ? error.message : String(error),
        },
      };
    } finally {
      this.#running--;
      this.#queue.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#all].map((sandbox) =>
        sandbox.kill({ errorType: 'Runtime.Stopped', errorMessage: 'the local cloud stopped' }),
      ),
    );
  }

  /** Ends every worker at once, as a crash of the machine under it would. */
  async crash(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all(
      [...this.#all].map((sandbox) =>
        sandbox.kill({ errorType: 'Runtime.Crashed', errorMessage: 'the worker crashed' }),
      ),
    );
    this.#all.clear();
  }

  async #runOn(warm: Warm, request: PoolRequest): Promise<SandboxOutcome> {
    const { name, version } = this.#settings;
    const seconds = request.timeoutSeconds;
    const timer = this.#world.clock.after(seconds * 1000, () => {
      void warm.sandbox.kill({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${request.requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
      });
    });
    const context = {
      functionName: name,
      functionVersion: version,
      invokedFunctionArn: request.invokedArn,
      awsRequestId: request.requestId,
      memoryLimitInMB: String(this.#settings.memoryMegabytes),
      remainingMilliseconds: seconds * 1000,
    };
    const outcome = await warm.sandbox.run({ event: request.event, context, trace: request.trace });
    timer.cancel();
    this.#giveBack(warm);
    return outcome;
  }

  async #take(timeoutSeconds: number): Promise<Warm> {
    const enough = this.#world.clock.now() + timeoutSeconds * 1000;
    for (let warm = this.#idle.pop(); warm !== undefined; warm = this.#idle.pop()) {
      if (!warm.sandbox.dead && warm.expiresAt > enough) return warm;
      void this.#end(warm.sandbox);
    }
    const { variables, expiresAt } = await this.#settings.environment();
    if (this.#closed) throw new Error('the local cloud is stopping');
    const sandbox = new Sandbox({
      file: withEnding(this.#settings.file),
      module: this.#settings.module,
      exportName: this.#settings.exportName,
      memoryMegabytes: this.#settings.memoryMegabytes,
      environment: variables,
      ahead: this.#ahead,
      onLine: this.#settings.onLine,
    });
    this.#all.add(sandbox);
    return { sandbox, expiresAt };
  }

  #giveBack(warm: Warm): void {
    if (warm.sandbox.dead || this.#closed) return void this.#end(warm.sandbox);
    this.#idle.push(warm);
    const turn = ++this.#turn;
    this.#world.clock.after(spareMilliseconds, () => this.#trim(turn, 1));
    this.#world.clock.after(idleMilliseconds, () => this.#trim(turn, 0));
  }

  /** Ends idle workers, those unused longest first, until `kept` are left, when the function did nothing since that turn. */
  #trim(turn: number, kept: number): void {
    if (this.#running > 0 || turn !== this.#turn) return;
    for (const { sandbox } of this.#idle.splice(0, this.#idle.length - kept)) void this.#end(sandbox);
  }

  async #end(sandbox: Sandbox): Promise<void> {
    this.#all.delete(sandbox);
    await sandbox.kill({ errorType: 'Runtime.Stopped', errorMessage: 'the worker was not needed any more' });
  }
}

/** Lambda takes the first of these that exists. */
function withEnding(file: string): string {
  const found = ['.js', '.mjs', '.cjs'].map((ending) => `${file}${ending}`).find((name) => existsSync(name));
  if (found === undefined) throw new Error(`Cannot find module '${file.split('/').pop() ?? file}'`);
  return found;
}
