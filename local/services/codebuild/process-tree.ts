import { execFile } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { promisify } from 'node:util';

/** What is known of one process of this machine. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  /** Whether its environment holds the sign. */
  readonly marked: boolean;
}

/** More than the 52 numbers and the name of a process take. */
const statBytes = 2048;

/** Each round ends what forked during the round before. */
const mostRounds = 20;

/** What is known beforehand of the processes to end. */
interface Known {
  /** When the first of them began, as {@link startOf} told it: older processes are not looked at. */
  readonly since: number;
  /** One of them that waits for input and does nothing: when no other is found, none can follow. */
  readonly idle?: number | undefined;
}

/**
 * Ends every process whose environment holds `sign` (`NAME=value`, with a value that stands nowhere else) and everything below it:
 * so also what left its process group and was given to another parent. Only processes that this user may read are seen.
 */
export async function endProcesses(sign: string, { since, idle }: Known = { since: 0 }): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const found = belonging(await everyProcess(sign, since));
    for (const pid of found) end(pid);
    if (found.every((pid) => pid === idle)) return;
  }
}

/** When a process began, in ticks since the machine's start; 0 where that is not known. */
export function startOf(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    return statOf(String(pid), Buffer.allocUnsafe(statBytes)).start;
  } catch {
    return 0;
  }
}

/** The marked processes and their descendants, never this one. */
function belonging(processes: readonly Running[]): readonly number[] {
  const found = new Set(processes.filter(({ marked }) => marked).map(({ pid }) => pid));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => pid !== process.pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

const everyProcess = async (sign: string, since: number): Promise<readonly Running[]> =>
  process.platform === 'linux' ? fromProc(sign, since) : fromPs(sign);

/** These files are made by the kernel as they are read: a thread for each would cost many times the reading. */
function fromProc(sign: string, since: number): readonly Running[] {
  const buffer = Buffer.allocUnsafe(statBytes);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(pid, sign, since, buffer));
}

function readProcess(pid: string, sign: string, since: number, buffer: Buffer): readonly Running[] {
  try {
    const { state, parent, start } = statOf(pid, buffer);
    // A zombie has ended already.
    if (state === 'Z' || start < since) return [];
    return [{ pid: Number(pid), parent, marked: environmentOf(pid).split('\0').includes(sign) }];
  } catch {
    return [];
  }
}

/** `<pid> (<name, which may hold anything>) <state> <parent> …`, the start being the 22nd of all. */
function statOf(
  pid: string,
  buffer: Buffer,
): { readonly state: string; readonly parent: number; readonly start: number } {
  const file = openSync(`/proc/${pid}/stat`, 'r');
  let stat: string;
  try {
    stat = buffer.toString('latin1', 0, readSync(file, buffer, 0, statBytes, 0));
  } finally {
    closeSync(file);
  }
  const [state = '', parent, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent), start: Number(more[17] ?? 0) };
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** On macOS, `-E` shows the environment after the command. */
async function fromPs(sign: string): Promise<readonly Running[]> {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)('ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,command='], options);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, rest] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? [];
    return rest === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), marked: ` ${rest} `.includes(` ${sign} `) }];
  });
}
