import { deploymentEnd } from '../../codedeploy/begin.ts';
import { acting } from '../acting.ts';
import { ActionFailure, type Provider } from './action.ts';

/** Deploy/CodeDeploy: deploys the input artifact to a deployment group and waits for the end. Needs what AWS's action needs (facts 3.7). */
export const codedeploy: Provider = {
  required: ['ApplicationName', 'DeploymentGroupName'],
  optional: [],
  run: async (context) => {
    const { world, execution, action, configuration, note } = context;
    const { ApplicationName: applicationName = '', DeploymentGroupName: deploymentGroupName = '' } = configuration;
    const [artifact = ''] = action.inputs;
    const place = execution.artifacts[artifact];
    if (place === undefined)
      throw new ActionFailure('ConfigurationError', `input artifact ${artifact} was not made by an earlier action`);
    const revision = {
      revisionType: 'S3',
      s3Location: { bucket: place.bucket, key: place.key, bundleType: 'zip' },
    };
    const ask = acting(context, 'codedeploy');
    await ask('RegisterApplicationRevision', { applicationName, revision });
    const { deploymentId } = await ask<{ deploymentId: string }>('CreateDeployment', {
      applicationName,
      deploymentGroupName,
      revision,
      description: `Deployment from pipeline ${execution.pipeline.name}`,
    });
    note({ externalId: deploymentId });
    const { deploymentInfo } = await ask<{ deploymentInfo: { deploymentConfigName: string } }>('GetDeployment', {
      deploymentId,
    });
    await ask('GetDeploymentConfig', { deploymentConfigName: deploymentInfo.deploymentConfigName });
    const ended = await deploymentEnd(world, deploymentId);
    if (ended.status === 'Succeeded')
      return { externalId: deploymentId, summary: `Deployment ${deploymentId} succeeded` };
    throw new ActionFailure(
      'JobFailed',
      `Deployment ${deploymentId} ${ended.status === 'Stopped' ? 'was stopped' : 'failed'}: ${ended.error?.code ?? ''}: ${ended.error?.message ?? ''}`,
    );
  },
};
