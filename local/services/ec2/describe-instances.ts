import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { type Instance, instances } from './tables.ts';

/**
 * The instances of the account. Offered to services only: CodeDeploy finds the instances of a group with it, by the group's role.
 * The wire does not speak EC2's own protocol. Filters: `tag:<key>`, `tag-key`, `tag-value`, `instance-state-name`.
 */
export const describeInstances = operation({
  internal: true,
  input: z.object({
    Filters: z.array(z.object({ Name: z.string(), Values: z.array(z.string()) })).default([]),
    InstanceIds: z.array(z.string()).optional(),
  }),
  access: () => [{ action: 'ec2:DescribeInstances', resource: '*' }],
  run: ({ Filters, InstanceIds }, { world, account, region }) => {
    const own = world.store.in(instances).where((row) => row.account === account && row.region === region);
    const missing = InstanceIds?.find((id) => !own.some((row) => row.id === id));
    if (missing !== undefined)
      throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${missing}' does not exist`);
    const found = own.filter(
      (row) => (InstanceIds?.includes(row.id) ?? true) && Filters.every((filter) => passes(row, filter)),
    );
    return { Reservations: found.map((row) => ({ Instances: [shown(row)] })) };
  },
});

function passes(row: Instance, { Name, Values }: { Name: string; Values: readonly string[] }): boolean {
  if (Name === 'tag-key') return Object.keys(row.tags).some((key) => Values.includes(key));
  if (Name === 'tag-value') return Object.values(row.tags).some((value) => Values.includes(value));
  if (Name === 'instance-state-name') return Values.includes('running');
  if (Name.startsWith('tag:')) return Values.includes(row.tags[Name.slice('tag:'.length)] ?? '\0');
  throw new AwsError('InvalidParameterValue', `The filter '${Name}' is not played by the local cloud`);
}

const shown = (row: Instance) => ({
  InstanceId: row.id,
  ImageId: row.imageId,
  InstanceType: row.type,
  LaunchTime: new Date(row.launchedAt),
  State: { Code: 16, Name: 'running' },
  SubnetId: row.subnetId,
  IamInstanceProfile: row.profileArn === undefined ? undefined : { Arn: row.profileArn },
  Tags: Object.entries(row.tags).map(([Key, Value]) => ({ Key, Value })),
});
