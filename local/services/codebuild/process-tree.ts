import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What is known of one process of this machine. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  /** Whether its environment holds the sign. */
  readonly marked: boolean;
}

/** Each round ends what forked during the round before. */
const mostRounds = 20;

/**
 * Ends every process whose environment holds `sign` (`NAME=value`, with a value that stands nowhere else) and everything below it:
 * so also what left its process group and was given to another parent. Only processes that this user may read are seen.
 */
export async function endProcesses(sign: string): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const found = belonging(await everyProcess(sign));
    if (found.length === 0) return;
    for (const pid of found) end(pid);
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

const everyProcess = (sign: string): Promise<readonly Running[]> =>
  process.platform === 'linux' ? fromProc(sign) : fromPs(sign);

async function fromProc(sign: string): Promise<readonly Running[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(pids.map((pid) => readProcess(pid, sign)));
  return read.filter((each) => each !== undefined);
}

async function readProcess(pid: string, sign: string): Promise<Running | undefined> {
  try {
    const [stat, environment] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
    ]);
    // `<pid> (<name, which may hold anything>) <state> <parent> …`; a zombie has ended already.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    return { pid: Number(pid), parent: Number(parent), marked: environment.split('\0').includes(sign) };
  } catch {
    return undefined;
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
