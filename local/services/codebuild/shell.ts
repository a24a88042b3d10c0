import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { endProcesses, startOf } from './process-tree.ts';
import { ShellOutput } from './shell-output.ts';

/** What a shell runs in. */
export interface ShellSettings {
  readonly program: 'sh' | 'bash';
  readonly directory: string;
  /** Where the shell keeps the commands it is given. */
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A word that no command can guess: it marks the end of a command in the output. */
  readonly mark: string;
  /** A variable of `environment` as `NAME=value` that nothing else on this machine has: by it all that the shell started is found. */
  readonly sign: string;
  readonly onLine: (line: string) => void;
  /** What a line shows of a text. @default - all of it */
  readonly hidden?: (text: string) => string;
}

interface Waiting {
  resolve(status: number): void;
  reject(error: Error): void;
}

/** Turns of the event loop without output after which a shell that ended has said all. */
const quietTurns = 3;

/**
 * One shell for all commands, so that `cd` and exports last. Each command is a file that the shell reads in; its exit status comes
 * back in the output, on a copy of standard output that the command itself does not have. A command that ends the shell (`exit`,
 * `set -e`) ends only this shell with what it left running: the next command gets a new one.
 */
export class Shell {
  readonly #settings: ShellSettings;
  readonly #changed: Record<string, string> = {};
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #waiting: Waiting | undefined;
  #count = 0;
  /** When its first process began. */
  #since: number | undefined;
  #killed: Promise<void> | undefined;

  constructor(settings: ShellSettings) {
    this.#settings = settings;
  }

  /** Runs one command and answers its exit status. Rejects when the shell is killed. */
  run(command: string): Promise<number> {
    if (this.#killed !== undefined) return Promise.reject(new Error('the shell was killed'));
    const file = join(this.#settings.scratch, `command-${this.#count++}`);
    writeFileSync(file, `${command}\n`);
    this.#child ??= this.#open();
    const stdin = this.#child.stdin;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      stdin?.write(`. ${quoted(file)} </dev/null 9>&-\n${this.#tellStatus()}`);
    });
  }

  /** Sets a variable for the commands to come, in this shell and in one that may follow it. */
  async export(name: string, value: string): Promise<void> {
    this.#changed[name] = value;
    if (this.#child !== undefined) await this.run(`export ${name}=${quoted(value)}`);
  }

  /** Ends the shell and everything it started, once: nothing begins in it afterwards. */
  kill(): Promise<void> {
    this.#killed ??= this.#end();
    return this.#killed;
  }

  async #end(): Promise<void> {
    // Before the group: a process without the sign is found only while its parent lives.
    if (this.#count > 0)
      await endProcesses(this.#settings.sign, {
        since: this.#since ?? 0,
        idle: this.#waiting === undefined ? this.#child?.pid : undefined,
      });
    killGroup(this.#child);
    await this.#ended;
  }

  /** The group's standard error takes in the trace of `set -x`, which would show the mark. */
  #tellStatus(): string {
    return `{ command printf '\\001%s %s\\n' ${this.#settings.mark} "$?"; } 2>/dev/null >&9\n`;
  }

  #open(): ChildProcess {
    const { program, directory, environment, mark, onLine, hidden = (text) => text } = this.#settings;
    // Every machine has this one, and no search along PATH holds up the cloud.
    const child = spawn(program === 'sh' ? '/bin/sh' : program, [], {
      argv0: program,
      cwd: directory,
      env: { ...environment, ...this.#changed },
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#since ??= startOf(child.pid);
    const output = new ShellOutput(mark, { line: onLine, hidden, status: (code) => this.#settle(code) });
    // A command may close or leave standard input unread: the status tells, not the pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.write('exec 9>&1 2>&1\n');
    this.#ended = new Promise((resolve) => {
      child.on('error', (error) => {
        onLine(`the shell ${program} cannot be started: ${error.message}`);
        this.#forget(child, 127);
        resolve();
      });
      child.on('exit', (code, signal) => {
        killGroup(child);
        void drained(child, output).then(() => {
          this.#forget(child, code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
          resolve();
        });
      });
    });
    child.stdout?.on('data', (data: Buffer) => output.take(data));
    return child;
  }

  #settle(status: number): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#killed !== undefined) waiting?.reject(new Error('the shell was killed'));
    else waiting?.resolve(status);
  }

  #forget(child: ChildProcess, status: number): void {
    if (this.#child === child) this.#child = undefined;
    this.#settle(status);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** Waits until the output of a shell that ended is read. A process that left the group may hold the pipe open, so its end is no sign. */
async function drained({ stdout }: ChildProcess, output: ShellOutput): Promise<void> {
  let quiet = 0;
  const heard = () => {
    quiet = 0;
  };
  stdout?.on('data', heard);
  // eslint-disable-next-line no-restricted-globals -- not a time: one turn of the event loop, in which what lies in the pipe is read
  while (quiet++ < quietTurns) await new Promise((resolve) => setImmediate(resolve));
  stdout?.off('data', heard);
  stdout?.destroy();
  output.end();
}
