import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { Fault } from '../shared/fault.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { pipelinesOf } from './waiting.ts';

/** Which pipelines of an environment a verb is about. */
export interface PipelineOptions extends ConnectionOptions {
  /** @default - all of the environment's */
  readonly pipeline?: string;
}

/**
 * A client for an environment's account and the pipelines that are meant. A pipeline that is named is not looked for, so that who may
 * only answer its approvals can name it. Throws PipelineUnknown for an environment without any.
 */
export async function chosenPipelines(
  environment: string,
  options: PipelineOptions,
): Promise<{ readonly client: CodePipelineClient; readonly pipelines: readonly string[] }> {
  const client = new CodePipelineClient(connect(environment, options));
  if (options.pipeline !== undefined) return { client, pipelines: [options.pipeline] };
  const known = await pipelinesOf(client, environment);
  if (known.length === 0) throw new Fault('PipelineUnknown', `environment '${environment}' has no pipeline`);
  return { client, pipelines: known };
}
