import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildSurroundings } from './environment.ts';

/** So many failed builds are kept; older ones go. */
const mostKept = 5;

/** A build that failed, as it lies there. */
interface FailedBuild {
  readonly id: string;
  readonly directory: string;
  readonly surroundings: BuildSurroundings;
}

/**
 * Moves a failed build's directory to `parent`, beside `build.json` with its id and environment, which only its owner may read. Values that came
 * from a store are not written down, only the names of their variables. AWS keeps nothing of a build.
 */
export async function keepFailed(parent: string, { id, directory, surroundings }: FailedBuild): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const kept = join(parent, id.replace(/[^\w-]/g, '-'));
  await remove(kept);
  try {
    await rename(directory, kept);
  } catch {
    // A directory on another disk is not worth a copy: the build's own end matters more.
    return;
  }
  const { stored } = surroundings;
  const environment = Object.fromEntries(
    Object.entries(surroundings.environment)
      .filter(([name]) => !stored.includes(name))
      .map(([name, value]) => [name, value.replaceAll(directory, kept)]),
  );
  const text = JSON.stringify({ id, environment, withheld: stored });
  await writeFile(join(kept, 'build.json'), text, { mode: 0o600 });
  await removeOldest(parent);
}

async function removeOldest(parent: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(parent)).map(async (name) => ({ name, at: (await stat(join(parent, name))).ctimeMs })),
  );
  const old = found.sort((one, other) => other.at - one.at).slice(mostKept);
  await Promise.all(old.map(({ name }) => remove(join(parent, name))));
}

const remove = (path: string) => rm(path, { recursive: true, force: true, maxRetries: 3 });
