import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { Fault } from '../shared/fault.ts';
import { choose } from './choose.ts';
import { type ConnectionOptions, connect, knownEnvironments } from './connection.ts';
import { terminalText } from './render/terminal.ts';
import { pipelinesOf, pipelinesOfAccount } from './waiting.ts';

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

/** Where a named pipeline is looked for: among all of the account, or among those that merges to the environment start. */
export type Among = 'account' | 'environment';

/**
 * A client for an environment's account and the pipelines that are meant: all of the environment's, or the one that is named, by its own name or its
 * repository's. An environment that is not named is asked for. Throws PipelineUnknown, which names those there are, and EnvironmentMissing.
 */
export async function chosenPipelines(
  named: string | undefined,
  options: PipelineOptions,
  among: Among = 'account',
): Promise<Chosen> {
  const environment = named ?? (await chosenEnvironment(options));
  const client = new CodePipelineClient(connect(environment, options));
  if (options.pipeline !== undefined)
    return { environment, client, pipelines: [await theNamed(client, environment, options.pipeline, among)] };
  const known = await pipelinesOf(client, environment);
  if (known.length === 0) throw new Fault('PipelineUnknown', `environment '${environment}' has no pipeline`);
  return { environment, client, pipelines: known };
}

/** Who may not list pipelines, but may answer the approvals of one, names it in full. */
async function theNamed(
  client: CodePipelineClient,
  environment: string,
  pipeline: string,
  among: Among,
): Promise<string> {
  const list = among === 'account' ? pipelinesOfAccount(client) : pipelinesOf(client, environment);
  const known = await list.catch((error: Error) => {
    if (/^AccessDenied/.test(error.name) && (among === 'account' || pipeline.endsWith(`-${environment}`)))
      return [pipeline];
    throw error;
  });
  const found = [pipeline, `${pipeline}-${environment}`].find((name) => known.includes(name));
  if (found !== undefined) return found;
  const names = known.join(', ') || 'none';
  throw new Fault(
    'PipelineUnknown',
    terminalText(`environment '${environment}' has no pipeline '${pipeline}', but ${names}`, 2000),
  );
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
