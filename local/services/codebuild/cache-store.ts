import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { RoleCall } from './role-call.ts';
import type { Build } from './tables.ts';

/** Where a project's caches lie, by name. */
export interface CacheStore {
  /** The cache of that name, or undefined. */
  get(name: string): Promise<Buffer | undefined>;
  put(name: string, content: Buffer): Promise<void>;
  /** The newest name that begins so. */
  newest(prefix: string): Promise<string | undefined>;
}

/** The store that the project's `cache` names; undefined for NO_CACHE. */
export function cacheStore(world: World, { project }: Build, callAs: RoleCall): CacheStore | undefined {
  const { cache } = project.shape;
  const scope = cache?.cacheNamespace ?? project.name;
  if (cache?.type === 'S3') return inBucket(cache.location ?? '', scope, callAs);
  if (cache?.type !== 'LOCAL' || !(cache.modes ?? []).includes('LOCAL_CUSTOM_CACHE')) return undefined;
  const { account, region } = project;
  return onDisk(join(world.directory, 'build-caches', account, region, encodeURIComponent(project.name)));
}

function inBucket(location: string, scope: string, callAs: RoleCall): CacheStore {
  const [Bucket = '', ...rest] = location.split('/');
  const folder = [...rest, scope].filter((part) => part !== '').join('/');
  return {
    get: async (name) => {
      try {
        return (await callAs<{ Body: Buffer }>('s3', 'GetObject', { Bucket, Key: `${folder}/${name}` })).Body;
      } catch (error) {
        if (error instanceof AwsError && error.code === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    put: (name, Body) => callAs('s3', 'PutObject', { Bucket, Key: `${folder}/${name}`, Body }),
    newest: async (prefix) => {
      const { Contents = [] } = await callAs<{ Contents?: { Key: string; LastModified: Date }[] }>(
        's3',
        'ListObjectsV2',
        { Bucket, Prefix: `${folder}/${prefix}` },
      );
      const [found] = [...Contents].sort((a, b) => Number(b.LastModified) - Number(a.LastModified));
      return found?.Key.slice(folder.length + 1);
    },
  };
}

function onDisk(folder: string): CacheStore {
  return {
    get: (name) => readFile(join(folder, name)).catch(() => undefined),
    put: async (name, content) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `.${name}`), content);
      // A build beside this one sees the whole file or none.
      await rename(join(folder, `.${name}`), join(folder, name));
    },
    newest: async (prefix) => {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix));
      const ages = await Promise.all(
        names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
      );
      return ages.sort((a, b) => b.at - a.at)[0]?.name;
    },
  };
}
