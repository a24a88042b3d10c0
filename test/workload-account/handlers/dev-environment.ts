import { vi } from 'vitest';
import example from '../../../events/examples/branch-merged.json' with { type: 'json' };
import { realClients } from '../../../workload-account/handlers/start-pipeline/clients.ts';
import { createHandler } from '../../../workload-account/handlers/start-pipeline/handler.ts';
import type { PipelineSettings } from '../../../workload-account/handlers/start-pipeline/settings.ts';
import { readSettings } from '../../../workload-account/handlers/start-pipeline/settings.ts';
import type { PretendAccount } from './pretend-account.ts';
import { pretendAccount } from './pretend-account.ts';

export const A = 'a'.repeat(40);
export const B = 'b'.repeat(40);
export const C = 'c'.repeat(40);
export const minutes = 60_000;

/** What the schedule sends. */
export const sweep = { source: 'mergecast.sweep' };

export const own: PipelineSettings = {
  pipeline: 'orders-dev',
  repository: 'orders',
};

/** An account in which `orders-dev` was created at commit A, and the environment of a function in it. */
export async function opened(): Promise<PretendAccount> {
  const account = await pretendAccount(A);
  const environment = {
    AWS_ENDPOINT_URL: account.aws.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    POWERTOOLS_SERVICE_NAME: 'start-pipeline',
    POWERTOOLS_METRICS_NAMESPACE: 'mergecast',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    // Metrics go through the global console, where a test can see them.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    // One try for each call: what the SDK tries again is not what is tested here, and waiting for it takes long.
    AWS_MAX_ATTEMPTS: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockReturnValue();
  return account;
}

export async function closed(account: PretendAccount): Promise<void> {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await account.close();
}

/** A starter with clients of its own, as a fresh Lambda function has them. */
export function starterOf(account: PretendAccount, pipelines: readonly PipelineSettings[] = [own]) {
  const settings = readSettings({
    ENVIRONMENT: 'dev',
    BRANCH: 'dev',
    DEVOPS_ACCOUNT: '111111111111',
    DEVOPS_BUS_ARN: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
    READ_ROLE_ARN: 'arn:aws:iam::111111111111:role/mergecast/mergecast-read-dev',
    LEDGER_TABLE: 'mergecast-dev-ledger',
    STARTER_ROLE_NAME: 'mergecast-dev-starter',
    PIPELINES: JSON.stringify(pipelines),
  });
  return createHandler({ ...realClients(settings), now: () => account.now }, settings);
}

/** The metrics that the starter wrote to its log. */
export const metricsLogged = () =>
  vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(String(line)) as unknown);

/** The announcement of a merge to dev. */
export const merged = (commitId: string, change: object = {}) => ({
  ...example,
  detail: { ...example.detail, branch: 'dev', commitId, ...change },
});

/** The executions that the starter began, oldest first. */
export const startedIn = (account: PretendAccount) =>
  account.executions.filter(({ triggerType }) => triggerType === 'StartPipelineExecution');
