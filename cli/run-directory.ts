import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const named = /^run-(\d+)$/;

/**
 * A directory for this process alone, `run-<process id>` in `parent`, and gone with `discard`. What processes that were killed have left behind
 * is removed first.
 */
export async function runDirectory(parent: string): Promise<{ readonly path: string; discard(): Promise<void> }> {
  await mkdir(parent, { recursive: true });
  for (const left of await readdir(parent)) {
    const [, owner] = named.exec(left) ?? [];
    if (owner !== undefined && !isAlive(Number(owner))) await remove(join(parent, left));
  }
  const path = join(parent, `run-${process.pid}`);
  await remove(path);
  await mkdir(path);
  return { path, discard: () => remove(path) };
}

const remove = (path: string) => rm(path, { recursive: true, force: true, maxRetries: 3 });

/** Whether a process of this number runs. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
