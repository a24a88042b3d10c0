import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { Fault } from '../shared/fault.ts';
import { choose } from './choose.ts';
import { type ConnectionOptions, connect, knownEnvironments } from './connection.ts';
import { pipelinesOf } from './waiting.ts';

/** Which pipelines of an environment a verb is about. */
export interface PipelineOptions extends ConnectionOptions {
  /** @default - all of the environment's */
  readonly pipeline?: string;
}

/** What a verb is about: an environment, a client for its account and the pipelines that are meant. */
export interface Chosen {
  readonly environment: string;
  readonly client: CodePipelineClient;
  readonly pipelines: readonly string[];
}

/**
 * A client for an environment's account and the pipelines that are meant; an environment that is not named is asked for. A pipeline that is named is
 * not looked for, so that who may only answer its approvals can name it. Throws PipelineUnknown for an environment without any, EnvironmentMissing.
 */
export async function chosenPipelines(named: string | undefined, options: PipelineOptions): Promise<Chosen> {
  const environment = named ?? (await chosenEnvironment(options));
  const client = new CodePipelineClient(connect(environment, options));
  if (options.pipeline !== undefined) return { environment, client, pipelines: [options.pipeline] };
  const known = await pipelinesOf(client, environment);
  if (known.length === 0) throw new Fault('PipelineUnknown', `environment '${environment}' has no pipeline`);
  return { environment, client, pipelines: known };
}

/** The one pipeline that is meant; which one is asked for where an environment has several. Throws PipelineAmbiguous as well. */
export async function chosenPipeline(
  named: string | undefined,
  options: PipelineOptions,
): Promise<Omit<Chosen, 'pipelines'> & { readonly pipeline: string }> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const subject = `environment '${environment}' has several pipelines`;
  const pipeline = await choose(pipelines, { question: 'which pipeline', code: 'PipelineAmbiguous', subject });
  return { environment, client, pipeline };
}

const chosenEnvironment = (options: ConnectionOptions): Promise<string> =>
  choose(knownEnvironments(options), {
    question: 'which environment',
    code: 'EnvironmentMissing',
    subject: 'no environment is named',
  });
