import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { Fault } from '../shared/fault.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { pipelinesOf } from './waiting.ts';

/** Which pipelines of an environment a verb is about. */
export interface PipelineOptions extends ConnectionOptions {
  /** @default - all of the environment's */
  readonly pipeline?: string;
}

/** A client for an environment's account and the pipelines that are meant. Throws PipelineUnknown. */
export async function chosenPipelines(
  environment: string,
  options: PipelineOptions,
): Promise<{ readonly client: CodePipelineClient; readonly pipelines: readonly string[] }> {
  const client = new CodePipelineClient(connect(environment, options));
  const known = await pipelinesOf(client, environment);
  if (options.pipeline === undefined) {
    if (known.length === 0) throw new Fault('PipelineUnknown', `environment '${environment}' has no pipeline`);
    return { client, pipelines: known };
  }
  if (!known.includes(options.pipeline))
    throw new Fault(
      'PipelineUnknown',
      `'${options.pipeline}' is none of ${environment}'s pipelines ${known.join(', ')}`,
    );
  return { client, pipelines: [options.pipeline] };
}
