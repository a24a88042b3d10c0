import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { instanceDirectory } from '../ec2/tables.ts';
import { pageOf } from '../page.ts';
import { hostKey } from './agent.ts';
import { arnOf, keyOf, type OnPremisesInstance, onPremises } from './tables.ts';

const instanceName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/);
const tags = z.array(z.object({ Key: z.string(), Value: z.string().default('') })).max(10);
const access = (action: string, place: Place, name: string) => [
  { action: `codedeploy:${action}`, resource: arnOf(place, 'instance', name) },
];

function find(world: World, place: Place, name: string): OnPremisesInstance {
  const found = world.store.in(onPremises).get(keyOf(place, name));
  if (found === undefined)
    throw new AwsError('InstanceNotRegisteredException', `The on-premises instance ${name} is not registered`);
  return found;
}

/** Registers a server: a directory of the world becomes the root of its file system. Throws InstanceNameAlreadyRegisteredException. */
export const registerOnPremisesInstance = operation({
  simplified: 'The server is a directory of this machine with the agent built in.',
  input: z.object({
    instanceName,
    iamUserArn: z
      .string()
      .regex(/^arn:aws:iam::\d{12}:user\/.+$/)
      .optional(),
    iamSessionArn: z
      .string()
      .regex(/^arn:aws:sts::\d{12}:assumed-role\/[^/]+\/.+$/)
      .optional(),
  }),
  access: (wanted, call) => access('RegisterOnPremisesInstance', call, wanted.instanceName),
  run: async ({ instanceName: name, iamUserArn, iamSessionArn }, call) => {
    const { world, account, region } = call;
    if (iamUserArn === undefined && iamSessionArn === undefined)
      throw new AwsError(
        'IamArnRequiredException',
        'No IAM ARN was included in the request. Use an IAM session ARN or user ARN in the request.',
      );
    if (iamUserArn !== undefined && iamSessionArn !== undefined)
      throw new AwsError(
        'MultipleIamArnsProvidedException',
        'Both an IAM user ARN and an IAM session ARN were included in the request. Use only one ARN type.',
      );
    const known = world.store.in(onPremises).get(keyOf(call, name));
    if (known !== undefined && known.deregisteredAt === undefined)
      throw new AwsError(
        'InstanceNameAlreadyRegisteredException',
        `The on-premises instance name ${name} is already registered`,
      );
    const directory = instanceDirectory(world, `${account}-${region}-${name}`);
    await mkdir(join(directory, 'opt/codedeploy-agent'), { recursive: true });
    await mkdir(join(directory, 'root'), { recursive: true });
    world.store.in(onPremises).put(keyOf(call, name), {
      name,
      account,
      region,
      directory,
      arn: arnOf(call, 'instance', name),
      tags: {},
      registeredAt: world.clock.now(),
      ...(iamUserArn === undefined ? {} : { iamUserArn }),
      ...(iamSessionArn === undefined ? {} : { iamSessionArn }),
    });
    return {};
  },
});

/** Takes a server out of all deployments to come. */
export const deregisterOnPremisesInstance = operation({
  input: z.object({ instanceName }),
  access: (wanted, call) => access('DeregisterOnPremisesInstance', call, wanted.instanceName),
  run: async ({ instanceName: name }, call) => {
    const known = find(call.world, call, name);
    call.world.store
      .in(onPremises)
      .put(keyOf(call, name), { ...known, tags: {}, deregisteredAt: call.world.clock.now() });
    await call.world.live.close(hostKey(name));
    return {};
  },
});

/** One registered server. */
export const getOnPremisesInstance = operation({
  input: z.object({ instanceName }),
  access: (wanted, call) => access('GetOnPremisesInstance', call, wanted.instanceName),
  run: ({ instanceName: name }, call) => {
    const row = find(call.world, call, name);
    return {
      instanceInfo: {
        instanceName: row.name,
        instanceArn: row.arn,
        registerTime: new Date(row.registeredAt),
        ...(row.deregisteredAt === undefined ? {} : { deregisterTime: new Date(row.deregisteredAt) }),
        iamUserArn: row.iamUserArn,
        iamSessionArn: row.iamSessionArn,
        tags: Object.entries(row.tags).map(([Key, Value]) => ({ Key, Value })),
      },
    };
  },
});

/** The names of registered servers, 100 a page. */
export const listOnPremisesInstances = operation({
  simplified: 'Filters by tag are refused.',
  input: z.object({
    registrationStatus: z.enum(['Registered', 'Deregistered']).default('Registered'),
    tagFilters: z.array(z.unknown()).max(0, 'tagFilters are not played by the local cloud').optional(),
    nextToken: z.string().optional(),
  }),
  access: () => [{ action: 'codedeploy:ListOnPremisesInstances', resource: '*' }],
  run: ({ registrationStatus, nextToken }, { world, account, region }) => {
    const names = world.store
      .in(onPremises)
      .where(
        (row) =>
          row.account === account &&
          row.region === region &&
          (row.deregisteredAt === undefined) === (registrationStatus === 'Registered'),
      )
      .map(({ name }) => name);
    const { items, next } = pageOf(names, nextToken, 100, 'InvalidNextTokenException');
    return { instanceNames: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

const changed = z.object({ instanceNames: z.array(instanceName).min(1).max(100), tags });

/** Adds tags to servers. */
export const addTagsToOnPremisesInstances = operation({
  input: changed,
  access: ({ instanceNames }, call) =>
    instanceNames.flatMap((name) => access('AddTagsToOnPremisesInstances', call, name)),
  run: ({ instanceNames, tags: added }, call) => {
    for (const row of instanceNames.map((name) => find(call.world, call, name))) {
      const all = { ...row.tags, ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])) };
      call.world.store.in(onPremises).put(keyOf(call, row.name), { ...row, tags: all });
    }
    return {};
  },
});

/** Takes tags off servers. */
export const removeTagsFromOnPremisesInstances = operation({
  input: changed,
  access: ({ instanceNames }, call) =>
    instanceNames.flatMap((name) => access('RemoveTagsFromOnPremisesInstances', call, name)),
  run: ({ instanceNames, tags: removed }, call) => {
    for (const row of instanceNames.map((name) => find(call.world, call, name))) {
      const left = Object.entries(row.tags).filter(
        ([key, value]) => !removed.some(({ Key, Value }) => Key === key && Value === value),
      );
      call.world.store.in(onPremises).put(keyOf(call, row.name), { ...row, tags: Object.fromEntries(left) });
    }
    return {};
  },
});
