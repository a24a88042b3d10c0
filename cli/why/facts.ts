import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient, GetBranchCommand } from '@aws-sdk/client-codecommit';
import {
  type CodePipelineClient,
  GetPipelineCommand,
  ListPipelineExecutionsCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { readLines } from '../../audit/trail/record.ts';
import { searchTrail } from '../../audit/trail/search.ts';
import type { StartDecided } from '../../events/start-decided.ts';
import { Fault } from '../../shared/fault.ts';
import { environmentPrefix, sourceStageName } from '../../shared/names.ts';
import { type ClientSettings, connect } from '../connection.ts';
import { stagesOf } from '../waiting.ts';

/** An execution, as far as it explains what runs. */
export interface ExecutionFact {
  readonly executionId: string;
  /** What its source read; null before that. */
  readonly commitId: string | null;
  readonly status: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** All that is asked to say why the head of a branch runs, or does not. */
export interface HeadFacts {
  readonly environment: string;
  readonly pipeline: string;
  readonly repository: string;
  readonly branch: string;
  /** The commit the branch points at; null without the branch. */
  readonly head: string | null;
  /** Newest first. */
  readonly executions: readonly ExecutionFact[];
  readonly stages: readonly StageState[];
  /** The starter's newest decision about the head; null when the trail has none. */
  readonly decision: StartDecided | null;
  /** When the head was announced (ISO 8601); null when it was not. */
  readonly announcedAt: string | null;
  /** Alarms of the route that are on, each with its account. */
  readonly alarms: readonly string[];
}

const day = 24 * 60 * 60_000;

/**
 * Asks both accounts about a pipeline of an environment. Throws Fault PipelineUnknown for a pipeline that no merge starts, ProfileUnknown without the
 * profile `devops`, and what the accounts refuse.
 */
export async function factsOf(
  client: CodePipelineClient,
  { environment, pipeline, aws }: { readonly environment: string; readonly pipeline: string; readonly aws: boolean },
): Promise<HeadFacts> {
  const devops = connect('devops', { aws });
  const { repository, branch } = await sourceOf(client, pipeline);
  const [head, executions, stages] = await Promise.all([
    headOf(devops, repository, branch),
    executionsOf(client, pipeline),
    stagesOf(client, pipeline),
  ]);
  const [told, alarms] = await Promise.all([
    head === null ? { decision: null, announcedAt: null } : toldOf(devops, pipeline, head),
    alarmsOn(devops, connect(environment, { aws }), environment),
  ]);
  return { environment, pipeline, repository, branch, head, executions, stages, alarms, ...told };
}

async function sourceOf(client: CodePipelineClient, name: string) {
  const { pipeline } = await client.send(new GetPipelineCommand({ name }));
  const { RepositoryName: repository, BranchName: branch } =
    pipeline?.stages?.find((stage) => stage.name === sourceStageName)?.actions?.[0]?.configuration ?? {};
  if (repository === undefined || branch === undefined)
    throw new Fault('PipelineUnknown', `pipeline '${name}' reads no CodeCommit repository, so no merge starts it`);
  return { repository, branch };
}

async function headOf(settings: ClientSettings, repositoryName: string, branchName: string): Promise<string | null> {
  try {
    const { branch } = await new CodeCommitClient(settings).send(new GetBranchCommand({ repositoryName, branchName }));
    return branch?.commitId ?? null;
  } catch (error) {
    if ((error as Error).name === 'BranchDoesNotExistException') return null;
    throw error;
  }
}

async function executionsOf(client: CodePipelineClient, pipelineName: string): Promise<readonly ExecutionFact[]> {
  const page = await client.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100 }));
  return (page.pipelineExecutionSummaries ?? []).map((each) => ({
    executionId: each.pipelineExecutionId ?? '',
    commitId: each.sourceRevisions?.[0]?.revisionId ?? null,
    status: each.status ?? '',
    startedAt: each.startTime?.toISOString() ?? '',
  }));
}

/** What the trail has of a commit and a pipeline in the last 30 days. */
async function toldOf(settings: ClientSettings, pipeline: string, head: string) {
  const now = Date.now();
  const pattern = `{ $.detail.commitId = "${head}" || $.detail.announced.commitId = "${head}" }`;
  const period = { from: now - 30 * day, until: now + day };
  const { records } = readLines(await searchTrail(new CloudWatchLogsClient(settings), period, pattern));
  const decisions = records.flatMap((each) => (each.fact === 'decided' ? [each.decision] : []));
  const announced = records.find((each) => each.fact === 'announced');
  return {
    decision: decisions.filter((each) => each.pipeline === pipeline).at(-1) ?? null,
    announcedAt: announced?.occurredAt ?? null,
  };
}

/** Alarms that are on: the environment's in its own account, and in the DevOps account all of ours. */
async function alarmsOn(devops: ClientSettings, own: ClientSettings, environment: string): Promise<readonly string[]> {
  const places = [
    { settings: devops, prefix: 'mergecast-', account: 'the DevOps account' },
    { settings: own, prefix: `${environmentPrefix(environment)}-`, account: `the account of ${environment}` },
  ];
  const found = await Promise.all(
    places.map(async ({ settings, prefix, account }) => {
      const names: string[] = [];
      const pages = paginateDescribeAlarms(
        { client: new CloudWatchClient(settings) },
        { AlarmNamePrefix: prefix, StateValue: 'ALARM' },
      );
      for await (const { MetricAlarms = [] } of pages)
        names.push(...MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []));
      return names.map((name) => `${name} in ${account}`);
    }),
  );
  return [...new Set(found.flat())];
}
