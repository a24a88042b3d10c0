import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { Fault } from '../shared/fault.ts';
import { ParameterStore } from '../shared/parameter-store.ts';
import { pipelinesOf } from './waiting.ts';

/** Parameter Store, asked where and as whom a client asks. */
export async function parameterStoreOf(client: CodePipelineClient): Promise<ParameterStore> {
  const { region, credentials, systemClockOffset, endpoint } = client.config;
  const at = await endpoint?.();
  const url =
    at === undefined ? undefined : `${at.protocol}//${at.hostname}${at.port === undefined ? '' : `:${at.port}`}`;
  return new ParameterStore({
    region,
    credentials,
    systemClockOffset,
    ...(url === undefined ? {} : { endpoint: url }),
  });
}

/**
 * The pipelines of an environment that a hold or release is for: all, or the one that is named, by its own name or its repository's. A name
 * that is none of them would hold nothing, so it is refused: PipelineUnknown. Who may not list pipelines has to name one in full.
 */
export async function heldPipelines(
  client: CodePipelineClient,
  environment: string,
  named: string | undefined,
): Promise<readonly string[]> {
  const known = await pipelinesOf(client, environment).catch((error: Error) => {
    if (named?.endsWith(`-${environment}`) && /^AccessDenied/.test(error.name)) return [named];
    throw error;
  });
  const found = known.filter((name) => named === undefined || name === named || name === `${named}-${environment}`);
  if (found.length > 0) return found;
  const subject = named === undefined ? 'any pipeline' : `a pipeline '${named}', but ${known.join(', ') || 'none'}`;
  throw new Fault('PipelineUnknown', `environment '${environment}' does not have ${subject}`);
}
