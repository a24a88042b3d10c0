import { z } from 'zod';
import { acting } from '../acting.ts';
import { ActionFailure, type Provider } from './action.ts';

const variables = z.array(z.strictObject({ name: z.string(), value: z.string() })).max(50);
const sourceRevisions = z
  .array(z.strictObject({ actionName: z.string(), revisionType: z.string(), revisionValue: z.string() }))
  .max(50);

/** Invoke/CodePipeline: starts another pipeline of the account, and does not wait for it. Source: "AWS CodePipeline invoke action reference". */
export const startPipeline: Provider = {
  required: ['PipelineName'],
  optional: ['SourceRevisions', 'Variables'],
  run: async (context) => {
    const { configuration } = context;
    const { PipelineName: name } = configuration;
    const ask = acting(context, 'codepipeline');
    const { pipelineExecutionId } = await ask<{ pipelineExecutionId: string }>('StartPipelineExecution', {
      name,
      variables: read('Variables', variables, configuration),
      sourceRevisions: read('SourceRevisions', sourceRevisions, configuration),
    });
    return { externalId: pipelineExecutionId, summary: `Started ${name} ${pipelineExecutionId}` };
  },
};

function read<Shape extends z.ZodType>(
  key: string,
  shape: Shape,
  configuration: Readonly<Record<string, string>>,
): z.output<Shape> | undefined {
  const text = configuration[key];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ActionFailure('ConfigurationError', `${key} is not valid JSON`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ActionFailure('ConfigurationError', `${key}: ${parsed.error.issues[0]?.message ?? 'is not a list'}`);
}
