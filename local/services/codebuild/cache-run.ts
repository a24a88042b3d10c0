import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Buildspec } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { unzip } from '../../world/zip.ts';
import { foreignPaths, zipCache } from './cache-files.ts';
import { type CacheStore, cacheStore } from './cache-store.ts';
import type { BuildLog } from './log.ts';
import type { RoleCall } from './role-call.ts';
import type { Shell } from './shell.ts';
import type { Build } from './tables.ts';

/** The most characters of a key: with its ending it must be the name of a file. */
const longestKey = 200;

interface Caching {
  readonly world: World;
  readonly build: Build;
  readonly callAs: RoleCall;
  readonly log: BuildLog;
  readonly shell: Shell;
  /** The build's own, in which the source and the home lie. */
  readonly directory: string;
}

/**
 * Restores the cache of a buildspec before its phases and answers what saves it after them. With a key a cache is not changed once it is there;
 * without one each build replaces it. What fails is told in the log, and the build goes on. Source: "Amazon S3 caching" of the CodeBuild guide.
 */
export async function openCache({ cache }: Buildspec, caching: Caching): Promise<() => Promise<void>> {
  const { world, build, callAs, log, directory } = caching;
  const store = cacheStore(world, build, callAs);
  if (cache === undefined || store === undefined) {
    if (cache !== undefined) log.say('cache: nothing is kept, since the project has no cache of type S3 or LOCAL');
    return async () => undefined;
  }
  for (const path of foreignPaths(cache.paths))
    log.say(`cache: ${path} lies outside of source and home: it is not kept`);
  let name = 'cache.zip';
  let restored: string | undefined;
  await telling(log, 'restored', async () => {
    const keys: string[] = [];
    // One after another: they share the build's one shell.
    for (const key of [cache.key, ...cache.fallbackKeys]) keys.push(await named(key, caching));
    if (cache.key !== undefined) name = `${keys[0]}.zip`;
    if (cache.action !== 'save') restored = await restore(store, name, keys.slice(1), caching);
  });
  return () =>
    telling(log, 'saved', async () => {
      if (cache.action === 'restore' || (cache.key !== undefined && restored === name)) return;
      const content = await zipCache(directory, cache.paths);
      if (content === undefined) return log.say('cache: no file matches its paths');
      if (cache.key !== undefined && (await store.get(name)) !== undefined) return;
      await store.put(name, content);
      log.say(`cache: saved ${decodeURIComponent(name)}, ${content.length} bytes`);
    });
}

async function restore(
  store: CacheStore,
  name: string,
  fallbacks: readonly string[],
  { log, directory }: Caching,
): Promise<string | undefined> {
  let found = name;
  let content = await store.get(name);
  for (const prefix of fallbacks) {
    if (content !== undefined) break;
    found = (await store.newest(prefix)) ?? '';
    if (found !== '') content = await store.get(found);
  }
  if (content === undefined) {
    log.say('cache: there is none yet');
    return undefined;
  }
  await unzip(content, directory);
  log.say(`cache: restored ${decodeURIComponent(found)}`);
  return found;
}

/** A key may hold variables and commands, `codebuild-hash-files` among them: the shell says what it is. */
async function named(key: string | undefined, { shell, directory, world }: Caching): Promise<string> {
  if (key === undefined) return '';
  const file = join(directory, 'scratch', `cache-key-${world.chance.hex(8)}`);
  const hash = `codebuild_hash_files() { cat -- "$@" | sha256sum | cut -d ' ' -f 1; }`;
  const asked = key.replaceAll('codebuild-hash-files', 'codebuild_hash_files').replaceAll('"', '\\"');
  const status = await shell.run(`${hash}; command printf '%s' "${asked}" > '${file}'`);
  const text = status === 0 ? encodeURIComponent((await readFile(file, 'utf8')).trim()) : '';
  if (text === '' || text.length > longestKey)
    throw new AwsError('CLIENT_ERROR', `the cache key ${key} is empty or longer than ${longestKey} characters`);
  return text;
}

async function telling(log: BuildLog, done: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log.say(`cache: not ${done}: ${error.code}: ${error.message}`);
  }
}
