import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, type Build, CodeBuildClient } from '@aws-sdk/client-codebuild';
import { type CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { connect } from '../connection.ts';
import { terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface LogsOptions extends PipelineOptions {
  /** True goes on until the build has ended. */
  readonly follow?: boolean;
}

const pollMilliseconds = 500;

/** Prints the log of each pipeline's newest build; answers the exit code, 1 when there is none or it failed. */
export async function logs(environment: string, options: LogsOptions): Promise<number> {
  const { client, pipelines } = await chosenPipelines(environment, options);
  const settings = connect(environment, options);
  const builds = new CodeBuildClient(settings);
  const reader = new CloudWatchLogsClient(settings);
  const outcomes: boolean[] = [];
  for (const pipeline of pipelines) {
    const id = await newestBuild(client, pipeline);
    if (id !== undefined) outcomes.push(await printLog(builds, reader, id, options.follow === true));
  }
  if (outcomes.length === 0) console.error(`no build of ${terminalText(environment)} has run yet`);
  return outcomes.length > 0 && outcomes.every(Boolean) ? 0 : 1;
}

async function newestBuild(client: CodePipelineClient, pipelineName: string): Promise<string | undefined> {
  const { actionExecutionDetails = [] } = await client.send(new ListActionExecutionsCommand({ pipelineName }));
  const build = actionExecutionDetails.find(({ input }) => input?.actionTypeId?.provider === 'CodeBuild');
  return build?.output?.executionResult?.externalExecutionId;
}

async function printLog(
  builds: CodeBuildClient,
  reader: CloudWatchLogsClient,
  id: string,
  follow: boolean,
): Promise<boolean> {
  let token: string | undefined;
  for (;;) {
    const build = await describe(builds, id);
    token = await printNew(reader, build, token);
    if (!follow || build?.buildComplete === true) return build?.buildStatus !== 'FAILED';
    await sleep(pollMilliseconds);
  }
}

async function describe(builds: CodeBuildClient, id: string): Promise<Build | undefined> {
  return (await builds.send(new BatchGetBuildsCommand({ ids: [id] }))).builds?.[0];
}

/** Prints what came since the token; answers the next one. */
async function printNew(
  reader: CloudWatchLogsClient,
  build: Build | undefined,
  token: string | undefined,
): Promise<string | undefined> {
  const { groupName: logGroupName, streamName: logStreamName } = build?.logs ?? {};
  if (logGroupName === undefined || logStreamName === undefined) return token;
  let next = token;
  for (;;) {
    const page = await reader.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, ...(next && { nextToken: next }) }),
    );
    for (const { message = '' } of page.events ?? []) console.log(terminalText(message.trimEnd(), 4000));
    if (page.nextForwardToken === next) return next;
    next = page.nextForwardToken;
  }
}
