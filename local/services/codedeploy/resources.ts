import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { tags } from '../../world/properties.ts';
import { type ResourceCall, resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { passRole } from '../iam/pass-role.ts';
import { platform, removeApplication, writeApplication } from './applications.ts';
import { configShape, removeConfig, writeConfig } from './configs.ts';
import { groupShape, removeGroup, writeGroup } from './groups.ts';
import { applications, arnOf, configs, groups, keyOf } from './tables.ts';

const named = (given: string | undefined, known: string | undefined, at: ResourceCall): string =>
  given ?? known ?? `${at.stackName.slice(0, 24)}-${at.logicalId.slice(0, 24)}-${at.world.chance.hex(12)}`;

/** CloudFormation's members begin with a capital where the API's do not. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, lowered(member)]),
  );
}

/** Reads properties with the API's own shape; what that refuses, the resource refuses. */
function read<Shape extends z.ZodType>(shape: Shape, properties: object): z.output<Shape> {
  const parsed = shape.safeParse(properties);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError('ValidationException', `${issue?.path.join('.') ?? 'properties'}: ${issue?.message ?? 'invalid'}`);
}

/** AWS::CodeDeploy::Application for servers and functions; ECS is refused by name. */
export const application = resource({
  properties: z.strictObject({
    ApplicationName: z.string().max(100).optional(),
    ComputePlatform: platform,
    Tags: tags.optional(),
  }),
  access: ({ ApplicationName }, at, change) => {
    const action = { create: 'Create', update: 'Update', delete: 'Delete' }[change];
    const name = ApplicationName ?? `${at.stackName}-*`;
    return [{ action: `codedeploy:${action}Application`, resource: arnOf(at, 'application', name) }];
  },
  put: (properties, at, previous) => {
    const kept = previous?.properties.ComputePlatform === properties.ComputePlatform ? previous.physicalId : undefined;
    const name = named(properties.ApplicationName, kept, at);
    const key = keyOf(at, name);
    const own = Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    if (previous?.physicalId === name)
      at.world.store.in(applications).update(key, (row) => ({ ...row, tags: { ...at.tags, ...own } }));
    else {
      refuseIfThere('AWS::CodeDeploy::Application', name, at.world.store.in(applications).has(key));
      writeApplication(at.world, at, { name, platform: properties.ComputePlatform, tags: { ...at.tags, ...own } });
    }
    return { physicalId: name, attributes: {} };
  },
  remove: ({ physicalId }, at) => removeApplication(at.world, at, physicalId),
});

const any = z.unknown().optional();

/** AWS::CodeDeploy::DeploymentConfig; a change of any property replaces it. */
export const deploymentConfig = resource({
  properties: z.strictObject({
    DeploymentConfigName: z.string().optional(),
    ComputePlatform: any,
    MinimumHealthyHosts: any,
    TrafficRoutingConfig: any,
    ZonalConfig: any,
  }),
  access: ({ DeploymentConfigName }, at, change) => [
    {
      action: `codedeploy:${change === 'delete' ? 'Delete' : 'Create'}DeploymentConfig`,
      resource: arnOf(at, 'deploymentconfig', DeploymentConfigName ?? `${at.stackName}-*`),
    },
  ],
  put: (properties, at, previous) => {
    const same = previous !== undefined && JSON.stringify(previous.properties) === JSON.stringify(properties);
    if (same) return { physicalId: previous.physicalId, attributes: {} };
    const name = named(properties.DeploymentConfigName, undefined, at);
    refuseIfThere('AWS::CodeDeploy::DeploymentConfig', name, at.world.store.in(configs).has(keyOf(at, name)));
    writeConfig(at.world, at, read(configShape, { ...(lowered(properties) as object), deploymentConfigName: name }));
    return { physicalId: name, attributes: {} };
  },
  remove: ({ physicalId }, at) => removeConfig(at.world, at, physicalId),
});

/** AWS::CodeDeploy::DeploymentGroup, in place and without load balancer. A `Deployment` within the template is refused by name. */
export const deploymentGroup = resource({
  simplified:
    'In place and without load balancer, Auto Scaling group, triggers and a deployment of its own; those are refused by name.',
  properties: z.strictObject({
    ApplicationName: z.string(),
    DeploymentGroupName: z.string().max(100).optional(),
    ServiceRoleArn: z.string(),
    DeploymentConfigName: any,
    Ec2TagFilters: any,
    Ec2TagSet: any,
    OnPremisesInstanceTagFilters: any,
    OnPremisesTagSet: any,
    AutoRollbackConfiguration: any,
    AlarmConfiguration: any,
    DeploymentStyle: any,
    AutoScalingGroups: any,
    TriggerConfigurations: any,
    LoadBalancerInfo: any,
    BlueGreenDeploymentConfiguration: any,
    ECSServices: any,
    Tags: tags.optional(),
  }),
  access: ({ ApplicationName, DeploymentGroupName, ServiceRoleArn }, at, change) => {
    const action = { create: 'Create', update: 'Update', delete: 'Delete' }[change];
    const name = `${ApplicationName}/${DeploymentGroupName ?? `${at.stackName}-*`}`;
    return [
      { action: `codedeploy:${action}DeploymentGroup`, resource: arnOf(at, 'deploymentgroup', name) },
      ...(change === 'delete' ? [] : [passRole(ServiceRoleArn, 'codedeploy.amazonaws.com')]),
    ];
  },
  put: (properties, at, previous) => {
    const { world } = at;
    const { ApplicationName, Tags } = properties;
    const sameApplication = previous?.properties.ApplicationName === ApplicationName;
    const name = named(properties.DeploymentGroupName, sameApplication ? previous?.physicalId : undefined, at);
    const known = world.store.in(groups).get(keyOf(at, ApplicationName, name));
    if (!sameApplication || previous?.physicalId !== name)
      refuseIfThere('AWS::CodeDeploy::DeploymentGroup', name, known !== undefined);
    const own = Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    const wanted = read(z.object(groupShape), asApi(properties));
    const names = { application: ApplicationName, name, tags: { ...at.tags, ...own } };
    const made = writeGroup(world, at, names, wanted);
    if (known !== undefined) world.store.in(groups).put(keyOf(at, ApplicationName, name), { ...made, id: known.id });
    return { physicalId: name, attributes: {} };
  },
  remove: ({ physicalId, properties }, at) => removeGroup(at.world, keyOf(at, properties.ApplicationName, physicalId)),
});

/** Tag filters keep their capitals in the API; sets of them are wrapped once more by CloudFormation. */
function asApi(properties: Readonly<Record<string, unknown>>): object {
  const sets = (set: unknown, list: string, group: string): unknown =>
    ((set as Record<string, unknown> | undefined)?.[list] as Record<string, unknown>[] | undefined)?.map(
      (each) => each[group],
    );
  const ec2 = sets(properties['Ec2TagSet'], 'Ec2TagSetList', 'Ec2TagGroup');
  const premises = sets(properties['OnPremisesTagSet'], 'OnPremisesTagSetList', 'OnPremisesTagGroup');
  return {
    ...(lowered(properties) as object),
    ec2TagFilters: properties['Ec2TagFilters'],
    onPremisesInstanceTagFilters: properties['OnPremisesInstanceTagFilters'],
    ec2TagSet: ec2 === undefined ? undefined : { ec2TagSetList: ec2 },
    onPremisesTagSet: premises === undefined ? undefined : { onPremisesTagSetList: premises },
    ecsServices: properties['ECSServices'],
  };
}
