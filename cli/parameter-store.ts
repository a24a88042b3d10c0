import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { ParameterStore } from '../shared/parameter-store.ts';

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
