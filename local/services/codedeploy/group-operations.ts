import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { passRole } from '../iam/pass-role.ts';
import { pageOf } from '../page.ts';
import { findApplication } from './applications.ts';
import { findGroup, groupShape, removeGroup, writeGroup } from './groups.ts';
import { shownRevision } from './revisions.ts';
import { arnOf, type Deployment, deployments, type Group, groups, keyOf } from './tables.ts';

const names = { applicationName: z.string(), deploymentGroupName: z.string().regex(/^.{1,100}$/) };
const access = (action: string, place: Place, application: string, name: string) => [
  { action: `codedeploy:${action}`, resource: arnOf(place, 'deploymentgroup', `${application}/${name}`) },
];

/** Makes a deployment group. Throws DeploymentGroupAlreadyExistsException. */
export const createDeploymentGroup = operation({
  simplified: 'In place and without load balancer, Auto Scaling group and triggers; those are refused by name.',
  input: z.object({
    ...names,
    ...groupShape,
    serviceRoleArn: z.string(),
    tags: z.array(z.object({ Key: z.string(), Value: z.string().default('') })).default([]),
  }),
  access: (wanted, call) => [
    ...access('CreateDeploymentGroup', call, wanted.applicationName, wanted.deploymentGroupName),
    passRole(wanted.serviceRoleArn, 'codedeploy.amazonaws.com'),
  ],
  run: ({ applicationName: application, deploymentGroupName: name, tags, ...wanted }, call) => {
    if (call.world.store.in(groups).has(keyOf(call, application, name)))
      throw new AwsError(
        'DeploymentGroupAlreadyExistsException',
        `A deployment group with the name ${name} already exists`,
      );
    const tagged = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    return { deploymentGroupId: writeGroup(call.world, call, { application, name, tags: tagged }, wanted).id };
  },
});

/** Changes what is given. */
export const updateDeploymentGroup = operation({
  simplified: 'In place and without load balancer, Auto Scaling group and triggers; those are refused by name.',
  input: z.object({
    ...groupShape,
    applicationName: z.string(),
    currentDeploymentGroupName: z.string(),
    newDeploymentGroupName: z.string().optional(),
  }),
  access: (wanted, call) => [
    ...access('UpdateDeploymentGroup', call, wanted.applicationName, wanted.currentDeploymentGroupName),
    ...(wanted.serviceRoleArn === undefined ? [] : [passRole(wanted.serviceRoleArn, 'codedeploy.amazonaws.com')]),
  ],
  run: ({ applicationName, currentDeploymentGroupName, newDeploymentGroupName, ...wanted }, call) => {
    const known = findGroup(call.world, call, applicationName, currentDeploymentGroupName);
    const name = newDeploymentGroupName ?? known.name;
    writeGroup(call.world, call, { application: applicationName, name, tags: known.tags }, wanted, known);
    return { hooksNotCleanedUp: [] };
  },
});

/** One group. */
export const getDeploymentGroup = operation({
  input: z.object(names),
  access: (wanted, call) => access('GetDeploymentGroup', call, wanted.applicationName, wanted.deploymentGroupName),
  run: ({ applicationName, deploymentGroupName }, call) => ({
    deploymentGroupInfo: shown(call.world, findGroup(call.world, call, applicationName, deploymentGroupName)),
  }),
});

/** Several groups of one application; those that do not exist are told in `errorMessage`. */
export const batchGetDeploymentGroups = operation({
  input: z.object({ applicationName: z.string(), deploymentGroupNames: z.array(z.string()).min(1).max(100) }),
  access: ({ applicationName, deploymentGroupNames }, call) =>
    deploymentGroupNames.flatMap((name) => access('BatchGetDeploymentGroups', call, applicationName, name)),
  run: ({ applicationName, deploymentGroupNames }, call) => {
    findApplication(call.world, call, applicationName);
    const found = deploymentGroupNames.flatMap(
      (name) => call.world.store.in(groups).get(keyOf(call, applicationName, name)) ?? [],
    );
    const missing = deploymentGroupNames.filter((name) => !found.some((group) => group.name === name));
    return {
      deploymentGroupsInfo: found.map((group) => shown(call.world, group)),
      ...(missing.length === 0 ? {} : { errorMessage: `No Deployment Group found for name: ${missing.join(', ')}` }),
    };
  },
});

/** Deletes a group; one that is gone is no error. */
export const deleteDeploymentGroup = operation({
  input: z.object(names),
  access: (wanted, call) => access('DeleteDeploymentGroup', call, wanted.applicationName, wanted.deploymentGroupName),
  run: ({ applicationName, deploymentGroupName }, call) => {
    removeGroup(call.world, keyOf(call, applicationName, deploymentGroupName));
    return { hooksNotCleanedUp: [] };
  },
});

/** The names of an application's groups, 100 a page. */
export const listDeploymentGroups = operation({
  input: z.object({ applicationName: z.string(), nextToken: z.string().optional() }),
  access: ({ applicationName }, call) => access('ListDeploymentGroups', call, applicationName, '*'),
  run: ({ applicationName, nextToken }, call) => {
    findApplication(call.world, call, applicationName);
    const own = call.world.store
      .in(groups)
      .where((row) => row.account === call.account && row.region === call.region && row.application === applicationName)
      .map(({ name }) => name);
    const { items, next } = pageOf(own, nextToken, 100, 'InvalidNextTokenException');
    return { applicationName, deploymentGroups: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

function shown(world: World, group: Group) {
  const all = world.store
    .in(deployments)
    .where(({ groupKey }) => groupKey === keyOf(group, group.application, group.name));
  const attempted = all.at(-1);
  const successful = all.filter(({ status }) => status === 'Succeeded').at(-1);
  const last = ({ id, status, createdAt, completedAt }: Deployment) => ({
    deploymentId: id,
    status,
    createTime: new Date(createdAt),
    ...(completedAt === undefined ? {} : { endTime: new Date(completedAt) }),
  });
  return {
    applicationName: group.application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    deploymentConfigName: group.configName,
    computePlatform: group.platform,
    serviceRoleArn: group.roleArn,
    ...(group.tagSets.length === 1 ? { ec2TagFilters: group.tagSets[0] } : {}),
    ...(group.tagSets.length > 1 ? { ec2TagSet: { ec2TagSetList: group.tagSets } } : {}),
    ...(group.onPremisesTagSets.length === 1 ? { onPremisesInstanceTagFilters: group.onPremisesTagSets[0] } : {}),
    ...(group.onPremisesTagSets.length > 1
      ? { onPremisesTagSet: { onPremisesTagSetList: group.onPremisesTagSets } }
      : {}),
    autoRollbackConfiguration: { enabled: group.rollbackEvents.length > 0, events: group.rollbackEvents },
    alarmConfiguration: {
      enabled: group.alarms.length > 0,
      ignorePollAlarmFailure: group.ignoreAlarmPolling,
      alarms: group.alarms.map((name) => ({ name })),
    },
    deploymentStyle:
      group.platform === 'Server'
        ? { deploymentType: 'IN_PLACE', deploymentOption: 'WITHOUT_TRAFFIC_CONTROL' }
        : { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ...(attempted === undefined ? {} : { lastAttemptedDeployment: last(attempted) }),
    ...(successful === undefined
      ? {}
      : { lastSuccessfulDeployment: last(successful), targetRevision: shownRevision(successful.revision) }),
  };
}
