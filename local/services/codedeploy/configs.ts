import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { arnOf, configs, type DeploymentConfig, groups, keyOf, type Platform, type Traffic } from './tables.ts';

const fleet = (name: string, value: number): DeploymentConfig => ({
  id: '00000000-0000-0000-0000-000000000000',
  name: `CodeDeployDefault.${name}`,
  platform: 'Server',
  minimumHealthy: { type: 'FLEET_PERCENT', value },
  createdAt: 0,
});
const shift = (name: string, traffic: Traffic): DeploymentConfig => ({
  id: '00000000-0000-0000-0000-000000000000',
  name: `CodeDeployDefault.Lambda${name}`,
  platform: 'Lambda',
  traffic,
  createdAt: 0,
});

/** The configurations that CodeDeploy brings; source: facts 5.4. */
const predefined: readonly DeploymentConfig[] = [
  fleet('AllAtOnce', 0),
  fleet('HalfAtATime', 50),
  fleet('OneAtATime', 99),
  shift('AllAtOnce', { type: 'AllAtOnce' }),
  ...[5, 10, 15, 30].map((intervalMinutes) =>
    shift(`Canary10Percent${intervalMinutes}Minutes`, { type: 'TimeBasedCanary', percentage: 10, intervalMinutes }),
  ),
  ...[1, 2, 3, 10].map((intervalMinutes) =>
    shift(`Linear10PercentEvery${intervalMinutes}Minute${intervalMinutes > 1 ? 's' : ''}`, {
      type: 'TimeBasedLinear',
      percentage: 10,
      intervalMinutes,
    }),
  ),
];

/** What a group without a configuration of its own is deployed by. */
export const defaultConfig: Readonly<Record<Platform, string>> = {
  Server: 'CodeDeployDefault.OneAtATime',
  Lambda: 'CodeDeployDefault.LambdaAllAtOnce',
};

/** A configuration by name. Throws DeploymentConfigDoesNotExistException. */
export function findConfig(world: World, place: Place, name: string): DeploymentConfig {
  const found = predefined.find((each) => each.name === name) ?? world.store.in(configs).get(keyOf(place, name));
  if (found === undefined)
    throw new AwsError('DeploymentConfigDoesNotExistException', `No deployment configuration found for name: ${name}`);
  return found;
}

const share = (key: 'canary' | 'linear') =>
  z.object({
    [`${key}Percentage`]: numeric.pipe(z.number().min(1).max(99)),
    [`${key}Interval`]: numeric.pipe(z.number().min(1)),
  });

/** A configuration as the API and (with other capitals) CloudFormation write it. */
export const configShape = z.object({
  deploymentConfigName: z.string().regex(/^.{1,100}$/),
  computePlatform: z.enum(['Server', 'Lambda']).default('Server'),
  minimumHealthyHosts: z
    .object({ type: z.enum(['HOST_COUNT', 'FLEET_PERCENT']), value: numeric.pipe(z.number().int().min(0)) })
    .optional(),
  trafficRoutingConfig: z
    .object({
      type: z.enum(['AllAtOnce', 'TimeBasedCanary', 'TimeBasedLinear']),
      timeBasedCanary: share('canary').optional(),
      timeBasedLinear: share('linear').optional(),
    })
    .optional(),
  zonalConfig: z.undefined({ error: 'zonal configurations are not played by the local cloud' }).optional(),
});

/** Makes a configuration. Throws DeploymentConfigAlreadyExistsException, MinimumHealthyHosts… and TrafficRouting… codes. */
export function writeConfig(world: World, place: Place, wanted: z.output<typeof configShape>): DeploymentConfig {
  const { deploymentConfigName: name, computePlatform: platform, minimumHealthyHosts } = wanted;
  if (name.startsWith('CodeDeployDefault.'))
    throw new AwsError(
      'InvalidDeploymentConfigNameException',
      `Deployment config name cannot start with CodeDeployDefault: ${name}`,
    );
  if (world.store.in(configs).has(keyOf(place, name)))
    throw new AwsError(
      'DeploymentConfigAlreadyExistsException',
      `A deployment configuration named ${name} already exists`,
    );
  const traffic = platform === 'Lambda' ? trafficOf(wanted.trafficRoutingConfig) : undefined;
  if (platform === 'Server' && minimumHealthyHosts === undefined)
    throw new AwsError(
      'InvalidMinimumHealthyHostValueException',
      'The minimum healthy hosts are required for the Server compute platform',
    );
  if (minimumHealthyHosts?.type === 'FLEET_PERCENT' && minimumHealthyHosts.value > 99)
    throw new AwsError(
      'InvalidMinimumHealthyHostValueException',
      `FLEET_PERCENT is ${minimumHealthyHosts.value}: at most 99 is allowed`,
    );
  const made: DeploymentConfig = {
    id: world.chance.uuid(),
    name,
    platform,
    createdAt: world.clock.now(),
    ...(minimumHealthyHosts === undefined ? {} : { minimumHealthy: minimumHealthyHosts }),
    ...(traffic === undefined ? {} : { traffic }),
  };
  world.store.in(configs).put(keyOf(place, name), made);
  return made;
}

function trafficOf(wanted: z.output<typeof configShape>['trafficRoutingConfig']): Traffic {
  if (wanted === undefined || wanted.type === 'AllAtOnce') return { type: 'AllAtOnce' };
  const canary = wanted.type === 'TimeBasedCanary';
  const given = canary ? wanted.timeBasedCanary : wanted.timeBasedLinear;
  if (given === undefined)
    throw new AwsError(
      'InvalidTrafficRoutingConfigurationException',
      `${wanted.type} needs a percentage and an interval`,
    );
  const kind = canary ? 'canary' : 'linear';
  return {
    type: wanted.type,
    percentage: given[`${kind}Percentage`] ?? 0,
    intervalMinutes: given[`${kind}Interval`] ?? 0,
  };
}

const shown = (config: DeploymentConfig) => ({
  deploymentConfigId: config.id,
  deploymentConfigName: config.name,
  computePlatform: config.platform,
  createTime: new Date(config.createdAt),
  ...(config.minimumHealthy === undefined ? {} : { minimumHealthyHosts: config.minimumHealthy }),
  ...(config.traffic === undefined ? {} : { trafficRoutingConfig: shownTraffic(config.traffic) }),
});

function shownTraffic(traffic: Traffic): object {
  if (traffic.type === 'AllAtOnce') return traffic;
  const { type, percentage, intervalMinutes } = traffic;
  return type === 'TimeBasedCanary'
    ? { type, timeBasedCanary: { canaryPercentage: percentage, canaryInterval: intervalMinutes } }
    : { type, timeBasedLinear: { linearPercentage: percentage, linearInterval: intervalMinutes } };
}

const access = (action: string, place: Place, name: string) => [
  { action: `codedeploy:${action}`, resource: arnOf(place, 'deploymentconfig', name) },
];
const named = z.object({ deploymentConfigName: z.string() });

/** Makes a configuration of one's own. */
export const createDeploymentConfig = operation({
  input: configShape,
  access: ({ deploymentConfigName }, call) => access('CreateDeploymentConfig', call, deploymentConfigName),
  run: (wanted, call) => ({ deploymentConfigId: writeConfig(call.world, call, wanted).id }),
});

/** One configuration. */
export const getDeploymentConfig = operation({
  input: named,
  access: ({ deploymentConfigName }, call) => access('GetDeploymentConfig', call, deploymentConfigName),
  run: ({ deploymentConfigName }, call) => ({
    deploymentConfigInfo: shown(findConfig(call.world, call, deploymentConfigName)),
  }),
});

/** Deletes a configuration that no group uses. Throws DeploymentConfigInUseException. */
export const deleteDeploymentConfig = operation({
  input: named,
  access: ({ deploymentConfigName }, call) => access('DeleteDeploymentConfig', call, deploymentConfigName),
  run: ({ deploymentConfigName: name }, call) => {
    removeConfig(call.world, call, name);
    return {};
  },
});

/** Deletes a configuration; one that is gone is no error. */
export function removeConfig(world: World, place: Place, name: string): void {
  if (predefined.some((each) => each.name === name))
    throw new AwsError(
      'InvalidOperationException',
      `${name} is a predefined deployment configuration and cannot be deleted`,
    );
  const user = world.store
    .in(groups)
    .where((group) => group.configName === name && group.account === place.account && group.region === place.region)[0];
  if (user !== undefined)
    throw new AwsError(
      'DeploymentConfigInUseException',
      `The deployment configuration ${name} is used by deployment group ${user.name}`,
    );
  world.store.in(configs).delete(keyOf(place, name));
}

/** The names of all configurations, 100 a page. */
export const listDeploymentConfigs = operation({
  input: z.object({ nextToken: z.string().optional() }),
  access: () => [{ action: 'codedeploy:ListDeploymentConfigs', resource: '*' }],
  run: ({ nextToken }, { world, account, region }) => {
    const rows = world.store.in(configs);
    const own = rows.keys().filter((key) => key.startsWith(`${account}/${region}/`));
    const names = [...predefined, ...own.flatMap((key) => rows.get(key) ?? [])].map(({ name }) => name);
    const { items, next } = pageOf(names, nextToken, 100, 'InvalidNextTokenException');
    return { deploymentConfigsList: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});
