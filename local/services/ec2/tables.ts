import { join } from 'node:path';
import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';

/** An instance: a directory that is the root of its file system, with the agent of CodeDeploy built in. */
export interface Instance extends Place {
  /** `i-` and 17 hexadecimal digits. */
  readonly id: string;
  readonly arn: string;
  readonly imageId: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the role that its processes act with. */
  readonly profileArn?: string;
  readonly subnetId?: string;
  /** The root of its file system on this machine. */
  readonly directory: string;
  /** Milliseconds of world time. */
  readonly launchedAt: number;
}

/** A role as instances take it on. */
export interface InstanceProfile {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly roleArn: string;
}

/** By id. Terminated instances are not kept. */
export const instances = table<Instance>('ec2/instances');
/** By ARN. */
export const instanceProfiles = table<InstanceProfile>('ec2/instance-profiles');

/** Where the file systems of instances lie. */
export const instanceDirectory = (world: World, id: string): string => join(world.directory, 'instances', id);

/** The role behind the profile that an instance names, if both exist. */
export const roleOfInstance = (world: World, { profileArn }: Instance): string | undefined =>
  profileArn === undefined ? undefined : world.store.in(instanceProfiles).get(profileArn)?.roleArn;
