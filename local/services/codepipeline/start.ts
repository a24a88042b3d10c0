import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import { startExecution } from './engine.ts';
import { defaults } from './put-pipeline.ts';
import { findPipeline, type Pin, type Pipeline, pipelineAccess } from './tables.ts';

/** Starts an execution, pinned to the given source revisions. The execution is recorded before the answer. */
export const startPipelineExecution = operation({
  input: z.object({
    name: z.string(),
    clientRequestToken: z
      .string()
      .regex(/^[a-zA-Z0-9-]{1,128}$/)
      .optional(),
    variables: z
      .array(z.object({ name: z.string(), value: z.string().min(1).max(1000) }))
      .max(50)
      .default([]),
    sourceRevisions: z
      .array(z.object({ actionName: z.string(), revisionType: z.string(), revisionValue: z.string().min(1).max(1500) }))
      .max(50)
      .default([]),
  }),
  access: ({ name }, call) => [pipelineAccess('StartPipelineExecution', name, call)],
  run: ({ name, clientRequestToken, variables, sourceRevisions }, call) => {
    const pipeline = findPipeline(call.world, name, call);
    const given = Object.fromEntries(variables.map((variable) => [variable.name, variable.value]));
    const pinned = Object.fromEntries(
      sourceRevisions.map((revision) => [revision.actionName, checkedRevision(pipeline, revision)]),
    );
    const { id } = startExecution(call.world, pipeline, {
      trigger: { type: 'StartPipelineExecution', detail: principalName(call.caller) },
      variables: { ...defaults(pipeline), ...checkedVariables(pipeline, given) },
      pinned,
      cause: call.cause,
      ...(clientRequestToken === undefined ? {} : { token: clientRequestToken }),
    });
    return { pipelineExecutionId: id };
  },
});

function checkedVariables(pipeline: Pipeline, given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).find((name) => !pipeline.variables.some((variable) => variable.name === name));
  if (unknown !== undefined)
    throw new AwsError('ValidationException', `Variable '${unknown}' is not declared in pipeline '${pipeline.name}'`);
  const missing = pipeline.variables.find(
    ({ name, default: value }) => value === undefined && given[name] === undefined,
  );
  if (missing !== undefined)
    throw new AwsError('ValidationException', `Variable '${missing.name}' has no default and needs a value`);
  return { ...given };
}

/** Which pins a source action takes. Source: facts 3.1. */
const pinsOf: Readonly<Record<string, readonly Pin['type'][]>> = {
  CodeCommit: ['COMMIT_ID'],
  S3: ['S3_OBJECT_KEY', 'S3_OBJECT_VERSION_ID'],
};

function checkedRevision(
  pipeline: Pipeline,
  { actionName, revisionType, revisionValue }: { actionName: string; revisionType: string; revisionValue: string },
): Pin {
  const source = pipeline.stages[0]?.actions.find(({ name }) => name === actionName);
  if (source === undefined)
    throw new AwsError(
      'ValidationException',
      `Source revision names the action '${actionName}', which is no source action of '${pipeline.name}'`,
    );
  const type = pinsOf[source.provider]?.find((each) => each === revisionType);
  if (type === undefined)
    throw new AwsError(
      'ValidationException',
      `Source revision of '${actionName}' has the type ${revisionType}, and ${source.provider} takes ${pinsOf[source.provider]?.join(' and ') ?? 'none'}`,
    );
  if (type === 'COMMIT_ID' && !/^[0-9a-f]{40}$/.test(revisionValue))
    throw new AwsError(
      'ValidationException',
      `Source revision of '${actionName}' must be a COMMIT_ID of 40 hexadecimal digits`,
    );
  if (type === 'S3_OBJECT_KEY' && source.configuration['AllowOverrideForS3ObjectKey'] !== 'true')
    throw new AwsError(
      'ValidationException',
      `Source revision of '${actionName}' is a key, and the action does not say AllowOverrideForS3ObjectKey: true`,
    );
  return { type, value: revisionValue };
}
