import { call } from '../../../world/call.ts';
import { deploymentEnd } from '../../codedeploy/begin.ts';
import { ActionFailure, type Provider } from './action.ts';

/** Deploy/CodeDeploy: deploys the input artifact to a deployment group and waits for the end. Needs what AWS's action needs (facts 3.7). */
export const codedeploy: Provider = {
  required: ['ApplicationName', 'DeploymentGroupName'],
  optional: [],
  run: async ({ world, execution, action, configuration, session, note }) => {
    const { account, region } = execution.pipeline;
    const { ApplicationName: applicationName = '', DeploymentGroupName: deploymentGroupName = '' } = configuration;
    const [artifact = ''] = action.inputs;
    const place = execution.artifacts[artifact];
    if (place === undefined)
      throw new ActionFailure('ConfigurationError', `input artifact ${artifact} was not made by an earlier action`);
    const revision = {
      revisionType: 'S3',
      s3Location: { bucket: place.bucket, key: place.key, bundleType: 'zip' },
    };
    const ask = <Answer>(operation: string, input: object) =>
      call<Answer>(world, {
        caller: session,
        account,
        region,
        service: 'codedeploy',
        operation,
        input,
        cause: execution.cause,
      });
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
