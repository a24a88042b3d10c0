import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { tags } from '../../world/properties.ts';
import { type ResourceCall, resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { passRole } from '../iam/pass-role.ts';
import { type Instance, instanceDirectory, instanceProfiles, instances, roleOfInstance } from './tables.ts';

/** What every local instance has from the beginning; the rest of its file system is made by deployments. */
const directories = [
  'etc',
  'home',
  'opt/codedeploy-agent',
  'root',
  'srv',
  'tmp',
  'usr/local/bin',
  'var/log',
  'var/www',
];

/**
 * AWS::EC2::Instance: a directory as the root of a file system, with tags and a role, to which CodeDeploy deploys. No machine is
 * started: image and type are only recorded, user data does not run (the agent it installs on AWS is built in), and there is no
 * network, address or disk. Other properties, and all other types of EC2, are refused by name.
 */
export const instance = resource({
  simplified:
    'A directory as the root of a file system; image and type are only recorded, user data does not run, and there is no network, address or disk.',
  properties: z.strictObject({
    ImageId: z.string().min(1),
    InstanceType: z.string().default('m1.small'),
    IamInstanceProfile: z.string().optional(),
    SubnetId: z.string().optional(),
    SecurityGroupIds: z.array(z.string()).optional(),
    AvailabilityZone: z.string().optional(),
    KeyName: z.string().optional(),
    UserData: z.string().optional(),
    Tags: tags.optional(),
  }),
  access: ({ IamInstanceProfile }, at, change) => {
    const all = `arn:aws:ec2:${at.region}:${at.account}:instance/*`;
    if (change === 'delete') return [{ action: 'ec2:TerminateInstances', resource: all }];
    const role = IamInstanceProfile === undefined ? undefined : profileNamed(at.world, IamInstanceProfile, at)?.roleArn;
    return [
      { action: change === 'create' ? 'ec2:RunInstances' : 'ec2:CreateTags', resource: all },
      ...(role === undefined ? [] : [passRole(role, 'ec2.amazonaws.com')]),
    ];
  },
  put: async (properties, at, previous) => {
    const { world, account, region } = at;
    const kept = sameMachine(properties, previous?.properties) ? previous?.physicalId : undefined;
    const known = kept === undefined ? undefined : world.store.in(instances).get(kept);
    const id = known?.id ?? `i-${world.chance.hex(17)}`;
    const profile = profileOf(world, properties.IamInstanceProfile, at);
    const made: Instance = {
      id,
      arn: `arn:aws:ec2:${region}:${account}:instance/${id}`,
      account,
      region,
      imageId: properties.ImageId,
      type: properties.InstanceType,
      tags: { ...at.tags, ...Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])) },
      directory: instanceDirectory(world, id),
      launchedAt: known?.launchedAt ?? world.clock.now(),
      ...(profile === undefined ? {} : { profileArn: profile }),
      ...(properties.SubnetId === undefined ? {} : { subnetId: properties.SubnetId }),
    };
    await Promise.all(directories.map((each) => mkdir(join(made.directory, each), { recursive: true })));
    world.store.in(instances).put(id, made);
    tell(made, at, properties.UserData !== undefined && known === undefined);
    const zone = properties.AvailabilityZone ?? `${region}a`;
    return { physicalId: id, attributes: { InstanceId: id, AvailabilityZone: zone, PrivateIp: '127.0.0.1' } };
  },
  remove: async ({ physicalId }, { world }) => {
    const known = world.store.in(instances).get(physicalId);
    world.store.in(instances).delete(physicalId);
    // What deployments left running there ends with the instance.
    await world.live.close(`codedeploy/host/${physicalId}`);
    if (known !== undefined) await rm(known.directory, { recursive: true, force: true, maxRetries: 3 });
  },
});

interface Wanted {
  readonly ImageId: string;
  readonly SubnetId?: string | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly KeyName?: string | undefined;
}

/** A change of these replaces the instance; tags, profile and type change where it stands. Source: AWS::EC2::Instance, "Update requires". */
const sameMachine = (now: Wanted, before: Wanted | undefined): boolean =>
  before !== undefined &&
  (['ImageId', 'SubnetId', 'AvailabilityZone', 'KeyName'] as const).every((name) => now[name] === before[name]);

const profileNamed = (world: World, name: string, { account }: { account: string }) =>
  world.store.in(instanceProfiles).where((row) => row.account === account && row.name === name)[0];

function profileOf(world: World, name: string | undefined, at: ResourceCall): string | undefined {
  if (name === undefined) return undefined;
  const found = profileNamed(world, name, at);
  if (found === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
    );
  return found.arn;
}

function tell(made: Instance, { world, account, region, cause }: ResourceCall, userData: boolean): void {
  const role = roleOfInstance(world, made);
  world.journal.write({
    kind: 'state',
    cause,
    account,
    region,
    subject: made.arn,
    text: `instance ${made.id} is the directory ${made.directory}${role === undefined ? ', without a role' : ''}${userData ? '; its user data does not run' : ''}`,
  });
}
