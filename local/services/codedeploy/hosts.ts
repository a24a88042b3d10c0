import { call } from '../../world/call.ts';
import { type Credentials, issueCredentials } from '../../world/credentials.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { type Instance, instances, roleOfInstance } from '../ec2/tables.ts';
import { assumeRole } from '../sts/assume.ts';
import { type Group, type OnPremisesInstance, onPremises, type TagFilter } from './tables.ts';

/** A server that can be deployed to: a directory as the root of its file system, and whom its agent acts as. */
export interface Host {
  readonly id: string;
  readonly arn: string;
  readonly directory: string;
  /** Throws when the server has no identity, or may not take it on. */
  readonly identity: () => Promise<{ readonly principal: Principal; readonly credentials: Credentials }>;
}

/** The servers of a group: those of EC2 as the group's role sees them, and those on premises. */
export async function hostsOf(world: World, group: Group, role: Principal, cause: string): Promise<readonly Host[]> {
  const { account, region } = group;
  const answer =
    group.tagSets.length === 0
      ? { Reservations: [] }
      : await call<{ Reservations: readonly { Instances: readonly { InstanceId: string }[] }[] }>(world, {
          caller: role,
          account,
          region,
          cause,
          service: 'ec2',
          operation: 'DescribeInstances',
          input: {},
        });
  const seen = answer.Reservations.flatMap(({ Instances }) =>
    Instances.flatMap(({ InstanceId }) => world.store.in(instances).get(InstanceId) ?? []),
  );
  const registered = world.store
    .in(onPremises)
    .where((row) => row.account === account && row.region === region && row.deregisteredAt === undefined);
  return [
    ...seen.filter(({ tags }) => inSets(group.tagSets, tags)).map((instance) => ofEc2(world, instance)),
    ...registered
      .filter(({ tags }) => inSets(group.onPremisesTagSets, tags))
      .map((instance) => ofPremises(world, instance)),
  ];
}

const inSets = (sets: readonly (readonly TagFilter[])[], tags: Readonly<Record<string, string>>): boolean =>
  sets.length > 0 && sets.every((set) => set.some((filter) => passes(filter, tags)));

function passes(
  { Key = '', Value = '', Type = 'KEY_AND_VALUE' }: TagFilter,
  tags: Readonly<Record<string, string>>,
): boolean {
  if (Type === 'KEY_ONLY') return Object.hasOwn(tags, Key);
  if (Type === 'VALUE_ONLY') return Object.values(tags).includes(Value);
  return Object.hasOwn(tags, Key) && tags[Key] === Value;
}

const ofEc2 = (world: World, instance: Instance): Host => ({
  id: instance.id,
  arn: instance.arn,
  directory: instance.directory,
  identity: () => {
    const { account, region, id } = instance;
    const roleArn = roleOfInstance(world, instance);
    if (roleArn === undefined) throw new Error('the instance has no instance profile');
    const caller = { type: 'service' as const, service: 'ec2.amazonaws.com' };
    return assumeRole(world, { account, region, caller, roleArn, sessionName: id, durationSeconds: 3600 });
  },
});

const ofPremises = (world: World, instance: OnPremisesInstance): Host => ({
  id: instance.name,
  arn: instance.arn,
  directory: instance.directory,
  identity: () => {
    const principal = principalOf(instance);
    return Promise.resolve({ principal, credentials: issueCredentials(world, principal, 3600) });
  },
});

function principalOf({ account, name, iamUserArn, iamSessionArn }: OnPremisesInstance): Principal {
  if (iamUserArn !== undefined) return { type: 'user', account, arn: iamUserArn, userId: `AIDA${name}` };
  const arn = iamSessionArn ?? '';
  const roleName = arn.split('/')[1] ?? '';
  return {
    type: 'role-session',
    account,
    arn,
    roleArn: `arn:aws:iam::${account}:role/${roleName}`,
    userId: `AROA${roleName}:${name}`,
  };
}
