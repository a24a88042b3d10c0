import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findApplication } from './applications.ts';
import { defaultConfig, findConfig } from './configs.ts';
import { type Group, groups, keyOf } from './tables.ts';

const filter = z.object({
  Key: z.string().optional(),
  Value: z.string().optional(),
  Type: z.enum(['KEY_ONLY', 'VALUE_ONLY', 'KEY_AND_VALUE']).optional(),
});
const filters = z.array(filter).optional();
const unplayed = (what: string) =>
  z
    .union([z.array(z.unknown()).length(0), z.undefined()], { error: `${what} not played by the local cloud` })
    .optional();

/** A deployment group's settings, as the API writes them. What is not played is refused by name. */
export const groupShape = {
  deploymentConfigName: z.string().optional(),
  serviceRoleArn: z.string().optional(),
  ec2TagFilters: filters,
  onPremisesInstanceTagFilters: filters,
  ec2TagSet: z.object({ ec2TagSetList: z.array(z.array(filter)).default([]) }).optional(),
  onPremisesTagSet: z.object({ onPremisesTagSetList: z.array(z.array(filter)).default([]) }).optional(),
  autoRollbackConfiguration: z
    .object({
      enabled: flag.default(false),
      events: z
        .array(z.enum(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']))
        .default([]),
    })
    .optional(),
  alarmConfiguration: z
    .object({
      enabled: flag.default(false),
      ignorePollAlarmFailure: flag.default(false),
      alarms: z.array(z.object({ name: z.string() })).default([]),
    })
    .optional(),
  deploymentStyle: z
    .object({
      deploymentType: z.enum(['IN_PLACE', 'BLUE_GREEN']).optional(),
      deploymentOption: z.enum(['WITH_TRAFFIC_CONTROL', 'WITHOUT_TRAFFIC_CONTROL']).optional(),
    })
    .optional(),
  autoScalingGroups: unplayed('Auto Scaling groups are'),
  triggerConfigurations: unplayed('triggers are'),
  loadBalancerInfo: z.undefined({ error: 'load balancers are not played by the local cloud' }).optional(),
  blueGreenDeploymentConfiguration: z
    .undefined({ error: 'blue/green deployments of servers are not played by the local cloud' })
    .optional(),
  ecsServices: unplayed('ECS services are'),
};

/** What {@link groupShape} reads. */
export type WantedGroup = z.output<z.ZodObject<typeof groupShape>>;

/** A group by its names. Throws ApplicationDoesNotExistException, DeploymentGroupDoesNotExistException. */
export function findGroup(world: World, place: Place, application: string, name: string): Group {
  findApplication(world, place, application);
  const found = world.store.in(groups).get(keyOf(place, application, name));
  if (found === undefined)
    throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
  return found;
}

/** Makes a group, or changes what is given of `known`. Throws RoleRequiredException, InvalidDeploymentStyleException. */
export function writeGroup(
  world: World,
  { account, region }: Place,
  names: { readonly application: string; readonly name: string; readonly tags: Readonly<Record<string, string>> },
  wanted: WantedGroup,
  known?: Group,
): Group {
  const { platform } = findApplication(world, { account, region }, names.application);
  const roleArn = wanted.serviceRoleArn ?? known?.roleArn;
  if (roleArn === undefined) throw new AwsError('RoleRequiredException', 'Role ARN is required');
  const configName = wanted.deploymentConfigName ?? known?.configName ?? defaultConfig[platform];
  if (findConfig(world, { account, region }, configName).platform !== platform)
    throw new AwsError(
      'InvalidComputePlatformException',
      `The deployment configuration ${configName} is not for the ${platform} compute platform`,
    );
  checkStyle(platform, wanted.deploymentStyle);
  const { autoRollbackConfiguration: rollback, alarmConfiguration: alarms } = wanted;
  const tagSets = setsOf(wanted.ec2TagFilters, wanted.ec2TagSet?.ec2TagSetList);
  const onPremisesTagSets = setsOf(wanted.onPremisesInstanceTagFilters, wanted.onPremisesTagSet?.onPremisesTagSetList);
  const made: Group = {
    id: known?.id ?? world.chance.uuid(),
    account,
    region,
    application: names.application,
    name: names.name,
    tags: names.tags,
    platform,
    roleArn,
    configName,
    tagSets: tagSets ?? known?.tagSets ?? [],
    onPremisesTagSets: onPremisesTagSets ?? known?.onPremisesTagSets ?? [],
    rollbackEvents: rollback === undefined ? (known?.rollbackEvents ?? []) : rollback.enabled ? rollback.events : [],
    alarms: alarms === undefined ? (known?.alarms ?? []) : alarms.enabled ? alarms.alarms.map(({ name }) => name) : [],
    ignoreAlarmPolling: alarms?.ignorePollAlarmFailure ?? known?.ignoreAlarmPolling ?? false,
  };
  if (known !== undefined && known.name !== names.name)
    world.store.in(groups).delete(keyOf(known, known.application, known.name));
  world.store.in(groups).put(keyOf(made, made.application, made.name), made);
  return made;
}

/** Deletes a group by its key. */
export const removeGroup = (world: World, key: string): void => void world.store.in(groups).delete(key);

function setsOf(
  plain: WantedGroup['ec2TagFilters'],
  sets: readonly (readonly z.output<typeof filter>[])[] | undefined,
): Group['tagSets'] | undefined {
  if (plain !== undefined && sets !== undefined && plain.length > 0 && sets.length > 0)
    throw new AwsError(
      'InvalidEC2TagCombinationException',
      'A call was submitted that specified both Ec2TagFilters and Ec2TagSet, but only one of these data types can be used in a single call.',
    );
  if (plain === undefined && sets === undefined) return undefined;
  return sets !== undefined && sets.length > 0 ? sets : plain === undefined || plain.length === 0 ? [] : [plain];
}

function checkStyle(platform: Group['platform'], style: WantedGroup['deploymentStyle']): void {
  const { deploymentType, deploymentOption } = style ?? {};
  const refuse = (text: string) => new AwsError('InvalidDeploymentStyleException', text);
  if (platform === 'Lambda' && deploymentType === 'IN_PLACE')
    throw refuse('IN_PLACE is not for the Lambda compute platform: use BLUE_GREEN');
  if (platform === 'Server' && deploymentType === 'BLUE_GREEN')
    throw refuse('BLUE_GREEN deployments of servers are not played by the local cloud: use IN_PLACE');
  if (platform === 'Server' && deploymentOption === 'WITH_TRAFFIC_CONTROL')
    throw refuse('load balancers are not played by the local cloud: use WITHOUT_TRAFFIC_CONTROL');
}
