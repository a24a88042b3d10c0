import type { World } from '../../world/world.ts';
import { poolKey } from './execute.ts';
import { aliases, eventInvokeConfigs, functions, permissions, versions } from './tables.ts';

/** Deletes a function with its versions, aliases, permissions and configurations, and ends its workers. */
export async function forgetFunction(world: World, arn: string): Promise<void> {
  const { store, live } = world;
  const published = store.in(versions).where((version) => version.arn === arn);
  const newest = store.in(functions).get(arn);
  store.in(functions).delete(arn);
  for (const { version } of published) store.in(versions).delete(`${arn}:${version}`);
  for (const alias of store.in(aliases).where(({ functionArn }) => functionArn === arn))
    store.in(aliases).delete(alias.arn);
  const belongs = (key: string): boolean => key === arn || key.startsWith(`${arn}:`);
  for (const key of store.in(eventInvokeConfigs).keys().filter(belongs)) store.in(eventInvokeConfigs).delete(key);
  for (const key of store.in(permissions).keys())
    if (belongs(store.in(permissions).get(key)?.functionArn ?? '')) store.in(permissions).delete(key);
  await Promise.all([...published, ...(newest === undefined ? [] : [newest])].map((fn) => live.close(poolKey(fn))));
}
