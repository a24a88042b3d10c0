import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { type Application, applications, arnOf, groups, keyOf, type Platform } from './tables.ts';

const name = z.string().regex(/^.{1,100}$/);

/** What can be deployed to; ECS is refused by name. */
export const platform = z
  .enum(['Server', 'Lambda'], {
    error: (issue) => `'${String(issue.input)}' is not played by the local cloud (Server and Lambda are)`,
  })
  .default('Server');

/** An application by name. Throws ApplicationDoesNotExistException. */
export function findApplication(world: World, place: Place, wanted: string): Application {
  const found = world.store.in(applications).get(keyOf(place, wanted));
  if (found === undefined)
    throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${wanted}`);
  return found;
}

/** Makes an application. Throws ApplicationAlreadyExistsException. */
export function writeApplication(
  world: World,
  { account, region }: Place,
  wanted: { readonly name: string; readonly platform: Platform; readonly tags: Readonly<Record<string, string>> },
): Application {
  const key = keyOf({ account, region }, wanted.name);
  if (world.store.in(applications).has(key))
    throw new AwsError(
      'ApplicationAlreadyExistsException',
      `An application with the name ${wanted.name} already exists`,
    );
  const made = { ...wanted, account, region, id: world.chance.uuid(), createdAt: world.clock.now() };
  world.store.in(applications).put(key, made);
  return made;
}

/** Deletes an application with its groups; one that is gone is no error. */
export function removeApplication(world: World, place: Place, wanted: string): void {
  const prefix = `${keyOf(place, wanted)}/`;
  for (const key of world.store.in(groups).keys()) if (key.startsWith(prefix)) world.store.in(groups).delete(key);
  world.store.in(applications).delete(keyOf(place, wanted));
}

const shown = (row: Application) => ({
  applicationId: row.id,
  applicationName: row.name,
  computePlatform: row.platform,
  createTime: new Date(row.createdAt),
  linkedToGitHub: false,
});

const access = (action: string, place: Place, wanted: string) => [
  { action: `codedeploy:${action}`, resource: arnOf(place, 'application', wanted) },
];
const tags = z.array(z.object({ Key: z.string(), Value: z.string().default('') })).default([]);

/** Makes an application. */
export const createApplication = operation({
  input: z.object({ applicationName: name, computePlatform: platform, tags }),
  access: ({ applicationName }, call) => access('CreateApplication', call, applicationName),
  run: ({ applicationName, computePlatform, tags: list }, call) => {
    const tagged = Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
    const made = writeApplication(call.world, call, { name: applicationName, platform: computePlatform, tags: tagged });
    return { applicationId: made.id };
  },
});

/** One application. */
export const getApplication = operation({
  input: z.object({ applicationName: name }),
  access: ({ applicationName }, call) => access('GetApplication', call, applicationName),
  run: ({ applicationName }, call) => ({ application: shown(findApplication(call.world, call, applicationName)) }),
});

/** Several applications by name. */
export const batchGetApplications = operation({
  input: z.object({ applicationNames: z.array(name).min(1).max(100) }),
  access: ({ applicationNames }, call) =>
    applicationNames.flatMap((each) => access('BatchGetApplications', call, each)),
  run: ({ applicationNames }, call) => ({
    applicationsInfo: applicationNames.map((each) => shown(findApplication(call.world, call, each))),
  }),
});

/** Deletes an application with its groups. */
export const deleteApplication = operation({
  input: z.object({ applicationName: name }),
  access: ({ applicationName }, call) => access('DeleteApplication', call, applicationName),
  run: ({ applicationName }, call) => {
    removeApplication(call.world, call, applicationName);
    return {};
  },
});

/** The names of all applications, 100 a page. */
export const listApplications = operation({
  input: z.object({ nextToken: z.string().optional() }),
  access: () => [{ action: 'codedeploy:ListApplications', resource: '*' }],
  run: ({ nextToken }, { world, account, region }) => {
    const own = world.store.in(applications).where((row) => row.account === account && row.region === region);
    const { items, next } = pageOf(
      own.map((row) => row.name),
      nextToken,
      100,
      'InvalidNextTokenException',
    );
    return { applications: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});
