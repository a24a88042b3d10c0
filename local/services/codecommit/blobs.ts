import type { World } from '../../world/world.ts';
import { git } from './git.ts';
import type { Repository } from './tables.ts';

/** Larger content is not given out by API. Source: the quotas page of the guide. */
export const largestBlobBytes = 6 * 1024 * 1024;

/** The sizes in bytes of the blobs among the ids; one git for all. */
export async function blobSizes(
  world: World,
  { directory }: Repository,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { stdout } = await git(world, directory, ['cat-file', '--batch-check'], `${ids.join('\n')}\n`);
  const rows = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(rows.flatMap(([id = '', type, size]) => (type === 'blob' ? [[id, Number(size)] as const] : [])));
}

/** The content of the blobs among the ids that the API may give out; one git for all. */
export async function readBlobs(
  world: World,
  repository: Repository,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = [...sizes].filter(([, size]) => size <= largestBlobBytes).map(([id]) => id);
  if (wanted.length === 0) return new Map();
  const { stdout } = await git(world, repository.directory, ['cat-file', '--batch'], `${wanted.join('\n')}\n`);
  const found = new Map<string, Buffer>();
  let at = 0;
  for (const id of wanted) {
    const start = stdout.indexOf('\n', at) + 1;
    const end = start + (sizes.get(id) ?? 0);
    found.set(id, stdout.subarray(start, end));
    at = end + 1;
  }
  return found;
}
