import type { ResourceModel, Service } from '../../world/service.ts';
import {
  batchGetApplications,
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
} from './applications.ts';
import {
  createDeploymentConfig,
  deleteDeploymentConfig,
  getDeploymentConfig,
  listDeploymentConfigs,
} from './configs.ts';
import {
  batchGetDeployments,
  continueDeployment,
  createDeployment,
  getDeployment,
  listDeployments,
  stopDeployment,
} from './deployments.ts';
import {
  batchGetDeploymentGroups,
  createDeploymentGroup,
  deleteDeploymentGroup,
  getDeploymentGroup,
  listDeploymentGroups,
  updateDeploymentGroup,
} from './group-operations.ts';
import { putLifecycleEventHookExecutionStatus } from './hooks.ts';
import {
  addTagsToOnPremisesInstances,
  deregisterOnPremisesInstance,
  getOnPremisesInstance,
  listOnPremisesInstances,
  registerOnPremisesInstance,
  removeTagsFromOnPremisesInstances,
} from './on-premises.ts';
import { application, deploymentConfig, deploymentGroup } from './resources.ts';
import { registerApplicationRevision } from './revisions.ts';
import { batchGetDeploymentTargets, getDeploymentTarget, listDeploymentTargets } from './target-operations.ts';

/** AWS CodeDeploy for servers, which are directories of this machine, and for Lambda functions. */
export const codedeploy: Service = {
  name: 'codedeploy',
  targetPrefix: 'CodeDeploy_20141006',
  simplified:
    'Servers are directories: scripts run as the person who started the cloud, see this machine and find the directory in `INSTANCE_ROOT` (empty on AWS), whatever `runas`; owners, groups and ACLs are not set; ECS, load balancers, blue/green of servers and revisions other than zip in S3 or text are refused by name.',
  operations: {
    AddTagsToOnPremisesInstances: addTagsToOnPremisesInstances,
    BatchGetApplications: batchGetApplications,
    BatchGetDeploymentGroups: batchGetDeploymentGroups,
    BatchGetDeploymentTargets: batchGetDeploymentTargets,
    BatchGetDeployments: batchGetDeployments,
    ContinueDeployment: continueDeployment,
    CreateApplication: createApplication,
    CreateDeployment: createDeployment,
    CreateDeploymentConfig: createDeploymentConfig,
    CreateDeploymentGroup: createDeploymentGroup,
    DeleteApplication: deleteApplication,
    DeleteDeploymentConfig: deleteDeploymentConfig,
    DeleteDeploymentGroup: deleteDeploymentGroup,
    DeregisterOnPremisesInstance: deregisterOnPremisesInstance,
    GetApplication: getApplication,
    GetDeployment: getDeployment,
    GetDeploymentConfig: getDeploymentConfig,
    GetDeploymentGroup: getDeploymentGroup,
    GetDeploymentTarget: getDeploymentTarget,
    GetOnPremisesInstance: getOnPremisesInstance,
    ListApplications: listApplications,
    ListDeploymentConfigs: listDeploymentConfigs,
    ListDeploymentGroups: listDeploymentGroups,
    ListDeploymentTargets: listDeploymentTargets,
    ListDeployments: listDeployments,
    ListOnPremisesInstances: listOnPremisesInstances,
    PutLifecycleEventHookExecutionStatus: putLifecycleEventHookExecutionStatus,
    RegisterApplicationRevision: registerApplicationRevision,
    RegisterOnPremisesInstance: registerOnPremisesInstance,
    RemoveTagsFromOnPremisesInstances: removeTagsFromOnPremisesInstances,
    StopDeployment: stopDeployment,
    UpdateDeploymentGroup: updateDeploymentGroup,
  },
};

export const codedeployResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeDeploy::Application': application,
  'AWS::CodeDeploy::DeploymentConfig': deploymentConfig,
  'AWS::CodeDeploy::DeploymentGroup': deploymentGroup,
};
