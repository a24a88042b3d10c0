import { call } from '../../../world/call.ts';
import { buildEnd } from '../../codebuild/running.ts';
import { placeArtifact } from '../artifacts.ts';
import { type ActionContext, ActionFailure, type Provider } from './action.ts';

/** Build and Test/CodeBuild: starts the project on the input artifact and waits for its end. */
export const codebuild: Provider = {
  required: ['ProjectName'],
  optional: ['PrimarySource', 'EnvironmentVariables'],
  unplayed: ['BatchEnabled', 'CombineArtifacts'],
  run: async (context) => {
    const { world, execution, session, configuration, note } = context;
    const { account, region } = execution.pipeline;
    const input = startInput(context);
    const { build } = await call<{ build: { id: string } }>(world, {
      caller: session,
      account,
      region,
      service: 'codebuild',
      operation: 'StartBuildForPipeline',
      input,
      cause: execution.cause,
    });
    note({ externalId: build.id });
    const outcome = await buildEnd(world, build.id);
    if (outcome.status !== 'SUCCEEDED') {
      throw new ActionFailure(
        'JobFailed',
        `Build of ${configuration['ProjectName']} terminated with state ${outcome.status}: ${outcome.reason ?? 'no reason given'} (log ${outcome.logGroup} ${outcome.logStream})`,
      );
    }
    return { externalId: build.id, variables: outcome.exportedVariables };
  },
};

function startInput({ world, execution, action, configuration }: ActionContext): object {
  const { pipeline, artifacts, revisions, id } = execution;
  const primary = configuration['PrimarySource'] ?? action.inputs[0] ?? '';
  const location = (name: string): string => {
    const place = artifacts[name];
    if (place === undefined)
      throw new ActionFailure('ConfigurationError', `input artifact ${name} was not made by an earlier action`);
    return `${place.bucket}/${place.key}`;
  };
  const [first, ...others] = action.outputs.map((name) => ({ name, ...placeArtifact(world, id, name) }));
  const output = ({ name, bucket, key }: { name: string; bucket: string; key: string }) => ({
    artifactIdentifier: name,
    type: 'S3',
    location: bucket,
    name: key,
    packaging: 'ZIP',
  });
  return {
    projectName: configuration['ProjectName'],
    sourceTypeOverride: 'S3',
    sourceLocationOverride: location(primary),
    secondarySourcesOverride: action.inputs
      .filter((name) => name !== primary)
      .map((name) => ({ type: 'S3', location: location(name), sourceIdentifier: name.replace(/\W/g, '_') })),
    sourceVersion: (revisions.find(({ artifact }) => artifact === primary) ?? revisions[0])?.revisionId,
    pipeline: pipeline.name,
    artifactsOverride: first === undefined ? { type: 'NO_ARTIFACTS' } : output(first),
    ...(others.length === 0 ? {} : { secondaryArtifactsOverride: others.map(output) }),
    environmentVariablesOverride: environmentOf(configuration['EnvironmentVariables']),
    ...(pipeline.keyArn === undefined ? {} : { encryptionKeyOverride: pipeline.keyArn }),
  };
}

function environmentOf(text: string | undefined): unknown {
  if (text === undefined) return [];
  try {
    return JSON.parse(text);
  } catch {
    throw new ActionFailure('ConfigurationError', 'EnvironmentVariables is not valid JSON');
  }
}
