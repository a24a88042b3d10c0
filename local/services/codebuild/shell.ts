import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a shell runs in. */
export interface ShellSettings {
  readonly program: string;
  readonly directory: string;
  /** Where the shell keeps the commands it is given. */
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/**
 * One shell for all commands, so that `cd` and exports last. Each command is a file that the shell reads in; its exit status comes
 * back on a descriptor of its own. A command that ends the shell (`exit`, `set -e`) ends only this shell: the next command gets a new one.
 */
export class Shell {
  readonly #settings: ShellSettings;
  #child: ChildProcess | undefined;
  #count = 0;
  #killed = false;

  constructor(settings: ShellSettings) {
    this.#settings = settings;
  }

  /** Runs one command and answers its exit status. */
  run(command: string): Promise<number> {
    const child = this.#open();
    const file = join(this.#settings.scratch, `command-${this.#count++}`);
    writeFileSync(file, `${command}\n`);
    const [stdin, status] = [child.stdin, child.stdio[3] as Readable];
    return new Promise((resolve) => {
      const onStatus = (data: Buffer) => settle(Number(data.toString().trim()));
      const onEnd = (code: number | null) => settle(code ?? 137);
      const settle = (code: number) => {
        status.off('data', onStatus);
        child.off('close', onEnd);
        resolve(code);
      };
      status.on('data', onStatus);
      child.on('close', onEnd);
      stdin?.write(`. '${file.replaceAll("'", `'\\''`)}' </dev/null\nprintf '%s\\n' "$?" >&3\n`);
    });
  }

  /** Ends the shell and everything it started. */
  kill(): void {
    this.#killed = true;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  }

  #open(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    if (this.#killed) throw new Error('the build is over');
    const { program, directory, environment, onLine } = this.#settings;
    const child = spawn(program, [], {
      cwd: directory,
      env: { ...environment },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => onLine(`the shell ${program} cannot be started: ${error.message}`));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null)
        createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
          onLine(line.slice(0, 10_000)),
        );
    }
    child.on('close', () => {
      if (this.#child === child) this.#child = undefined;
    });
    this.#child = child;
    return child;
  }
}
