import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** So many entries are gone before a thread would have begun. */
const fewEntries = 64;

/** Removes a build's directory: a small one at once, a large one while the cloud goes on. */
export async function removeDirectory(path: string): Promise<void> {
  try {
    if (count(path, fewEntries) < fewEntries) return rmSync(path, { recursive: true, force: true });
  } catch {
    // What is busy or not to be read yet is tried again below.
  }
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** The entries below a directory, counted as far as `most`. */
function count(path: string, most: number): number {
  let found = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    found += 1 + (entry.isDirectory() && found < most ? count(join(path, entry.name), most - found) : 0);
    if (found >= most) break;
  }
  return found;
}
