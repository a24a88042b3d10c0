import { z } from 'zod';
import { upperAlphanumeric } from '../../world/chance.ts';
import { AwsError } from '../../world/failure.ts';
import { resource } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { roles } from '../iam/tables.ts';
import { instanceProfiles } from './tables.ts';

/** AWS::IAM::InstanceProfile: one role, as instances take it on. The type is IAM's; it is kept beside the instances that need it. */
export const instanceProfile = resource({
  properties: z.strictObject({
    InstanceProfileName: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/)
      .optional(),
    Path: z
      .string()
      .regex(/^\/(.*\/)?$/)
      .default('/'),
    Roles: z.array(z.string()).length(1, 'must name exactly one role'),
  }),
  access: ({ InstanceProfileName, Path, Roles }, { world, account, stackName }, change) => {
    const action = { create: 'Create', update: 'AddRoleTo', delete: 'Delete' }[change];
    const role = world.store.in(roles).where((row) => row.account === account && row.name === Roles[0])[0];
    return [
      {
        action: `iam:${action}InstanceProfile`,
        resource: `arn:aws:iam::${account}:instance-profile${Path}${InstanceProfileName ?? `${stackName}-*`}`,
      },
      ...(change === 'delete' || role === undefined ? [] : [passRole(role.arn, 'ec2.amazonaws.com')]),
    ];
  },
  put: (properties, { world, account, stackName, logicalId }, previous) => {
    const generated = `${stackName.slice(0, 24)}-${logicalId.slice(0, 24)}-${world.chance.text(12, upperAlphanumeric)}`;
    const name = properties.InstanceProfileName ?? previous?.physicalId ?? generated;
    const arn = `arn:aws:iam::${account}:instance-profile${properties.Path}${name}`;
    const table = world.store.in(instanceProfiles);
    const known = table.where((row) => row.account === account && row.name === name)[0];
    if (known !== undefined && previous?.physicalId !== name)
      throw new AwsError('EntityAlreadyExists', `Instance Profile ${name} already exists.`, 409);
    const [roleName] = properties.Roles;
    const role = world.store.in(roles).where((row) => row.account === account && row.name === roleName)[0];
    if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${roleName} cannot be found.`, 404);
    const id = known?.id ?? `AIPA${world.chance.text(17, upperAlphanumeric)}`;
    table.put(arn, { arn, id, name, account, roleArn: role.arn });
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(instanceProfiles).delete(String(attributes['Arn'])),
});
