import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type Cloud, play } from '../../local/play.ts';
import { assemblyOf, type Played } from './assemblies.ts';
import { eventually } from './eventually.ts';
import { gitEnvironment } from './git-environment.ts';
import { quickBuildspec, quickTemplate } from './quick-service.ts';

const run = promisify(execFile);

/** One execution of a pipeline, with what a journey asks about it. */
export interface SeenExecution {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
  /** The commit its Source action fetched. */
  readonly commitId: string | undefined;
}

/** A played organisation with an ordinary developer's clone of one repository, `orders` unless it is an example's. Everything is asked through the AWS API or git. */
export class Playing {
  readonly cloud: Cloud;
  readonly clone: string;
  readonly repository: string;
  /** What the pipelines' names begin with. */
  readonly service: string;

  constructor(cloud: Cloud, clone: string, repository = 'orders', service = repository) {
    this.cloud = cloud;
    this.clone = clone;
    this.repository = repository;
    this.service = service;
  }

  /** SDK settings for a profile; the clock is the world's. */
  settings(profile: string) {
    const found = this.cloud.profiles.find(({ name }) => name === profile);
    if (found === undefined) throw new Error(`no profile ${profile}`);
    const { region, accessKeyId, secretAccessKey } = found;
    return {
      endpoint: this.cloud.endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      systemClockOffset: this.cloud.clock.aheadMilliseconds,
      maxAttempts: 1,
    };
  }

  codecommit = (profile = 'devops') => new CodeCommitClient(this.settings(profile));
  codepipeline = (profile: string) => new CodePipelineClient(this.settings(profile));
  events = (profile: string) => new EventBridgeClient(this.settings(profile));

  /** Runs git in the developer's clone and answers what it printed. */
  async git(...parameters: string[]): Promise<string> {
    const { stdout } = await run('git', ['-C', this.clone, ...parameters], { env: gitEnvironment });
    return stdout.trim();
  }

  /** Commits a change on a branch, made from the present one when it is new; answers the commit id. */
  async commit(branch: string, file = 'NOTES.md', text = `${branch} ${Math.random()}`): Promise<string> {
    await this.git('checkout', '--quiet', branch).catch(() => this.git('checkout', '--quiet', '-b', branch));
    await writeFile(join(this.clone, file), `${text}\n`);
    await this.git('add', '--all');
    await this.git('commit', '--quiet', `--message=Change ${file}`);
    return this.git('rev-parse', 'HEAD');
  }

  /** Commits to a branch and pushes it: a merge, in the flow's word. */
  async merge(branch: string, file?: string, text?: string): Promise<string> {
    const commitId = await this.commit(branch, file, text);
    await this.git('push', '--quiet', 'origin', branch);
    return commitId;
  }

  /** The executions of an environment's pipeline that the starter made, oldest first. */
  async executions(environment: string): Promise<readonly SeenExecution[]> {
    return (await this.allExecutions(environment)).filter(({ trigger }) => trigger.includes('-starter/'));
  }

  /** All executions of an environment's pipeline, oldest first. */
  async allExecutions(environment: string): Promise<readonly SeenExecution[]> {
    const client = this.codepipeline(environment);
    const pipelineName = `${this.service}-${environment}`;
    const { pipelineExecutionSummaries = [] } = await client.send(new ListPipelineExecutionsCommand({ pipelineName }));
    return Promise.all(
      pipelineExecutionSummaries.reverse().map(async ({ pipelineExecutionId: id = '', status = '', trigger }) => {
        const { pipelineExecution } = await client.send(
          new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: id }),
        );
        return {
          id,
          status,
          trigger: trigger?.triggerDetail ?? '',
          commitId: pipelineExecution?.artifactRevisions?.[0]?.revisionId,
        };
      }),
    );
  }

  /** Waits until the starter's executions of an environment satisfy the question; answers them. */
  async until(
    environment: string,
    question: (executions: readonly SeenExecution[]) => boolean,
    what = 'the executions',
  ): Promise<readonly SeenExecution[]> {
    return eventually(
      what,
      async () => {
        const seen = await this.executions(environment);
        return question(seen) ? seen : undefined;
      },
      async () => JSON.stringify(await this.allExecutions(environment)),
    );
  }

  /** Waits until an execution at that commit has ended; answers it. */
  async arrived(environment: string, commitId: string): Promise<SeenExecution> {
    const ended = ['Succeeded', 'Failed', 'Stopped', 'Superseded'];
    const seen = await this.until(
      environment,
      (all) => all.some((each) => each.commitId === commitId && ended.includes(each.status)),
      `commit ${commitId} in ${environment}`,
    );
    return seen.find((each) => each.commitId === commitId) as SeenExecution;
  }

  /** Waits until an approval waits; answers its token. */
  async approvalWaits(environment = 'prod', stage = 'Approve', action = stage): Promise<string> {
    const client = this.codepipeline(environment);
    return eventually('an approval that waits', async () => {
      const { stageStates = [] } = await client.send(
        new GetPipelineStateCommand({ name: `${this.service}-${environment}` }),
      );
      const { actionStates = [] } = stageStates.find(({ stageName }) => stageName === stage) ?? {};
      return actionStates.find(({ actionName }) => actionName === action)?.latestExecution?.token;
    });
  }

  /** Answers the approval that waits, in prod unless said otherwise. */
  async answer(
    status: 'Approved' | 'Rejected',
    environment = 'prod',
    stageName = 'Approve',
    actionName = stageName,
  ): Promise<void> {
    const client = this.codepipeline(environment);
    const name = `${this.service}-${environment}`;
    const token = await this.approvalWaits(environment, stageName, actionName);
    await client.send(
      new PutApprovalResultCommand({
        pipelineName: name,
        stageName,
        actionName,
        token,
        result: { status, summary: 'by the journey' },
      }),
    );
  }

  /** The state of each stage that was reached, by name. */
  async stages(environment: string): Promise<Readonly<Record<string, string | undefined>>> {
    const { stageStates = [] } = await this.codepipeline(environment).send(
      new GetPipelineStateCommand({ name: `${this.service}-${environment}` }),
    );
    return Object.fromEntries(
      stageStates.flatMap(({ stageName = '', latestExecution: run }) =>
        run === undefined ? [] : [[stageName, run.status]],
      ),
    );
  }

  /** The names of an account's log groups. */
  async logGroups(profile: string): Promise<readonly string[]> {
    const { logGroups = [] } = await new CloudWatchLogsClient(this.settings(profile)).send(
      new DescribeLogGroupsCommand({}),
    );
    return logGroups.map(({ logGroupName = '' }) => logGroupName);
  }

  /** Runs an environment's starter as the sweep does. */
  async sweep(environment: string): Promise<void> {
    const lambda = new LambdaClient(this.settings(environment));
    const Payload = Buffer.from(JSON.stringify({ source: 'mergecast.sweep' }));
    const { FunctionError, Payload: answer } = await lambda.send(
      new InvokeCommand({ FunctionName: `mergecast-${environment}-start-pipeline`, Payload }),
    );
    if (FunctionError !== undefined) throw new Error(`the sweep failed: ${Buffer.from(answer ?? []).toString()}`);
  }

  /** Lets time pass, half a minute at a stroke, so that what falls due also runs; what is stalled is not waited for. */
  async pass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 0.5) {
      await this.cloud.clock.advance(30_000);
      await Promise.race([this.cloud.settled(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    }
  }

  /** What the trail says, oldest first: the events that passed the DevOps bus. */
  async trail(): Promise<readonly Record<string, unknown>[]> {
    const logs = new CloudWatchLogsClient(this.settings('devops'));
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/events/mergecast/trail' }),
    );
    return events.map(({ message = '{}' }) => JSON.parse(message) as Record<string, unknown>);
  }

  /** The announcement of a commit, as it passed the DevOps bus. */
  async announcementOf(commitId: string): Promise<Record<string, unknown>> {
    return eventually('the announcement on the trail', async () => {
      const entries = (await this.trail()).filter((entry) => entry['detail-type'] === 'Branch Merged');
      return entries
        .map((entry) => entry['detail'] as Record<string, unknown>)
        .find((detail) => detail['commitId'] === commitId);
    });
  }

  /** The starter's reports on the trail. */
  async decisions(environment: string): Promise<readonly Record<string, unknown>[]> {
    const entries = (await this.trail())
      .filter((entry) => entry['detail-type'] === 'Start Decided')
      .map((entry) => entry['detail'] as Record<string, unknown>);
    return entries.filter((detail) => detail['environment'] === environment);
  }

  /** The first message of a queue, waiting for it; stays in the queue. */
  async deadLetter(profile: string, queue: string) {
    const account = this.cloud.profiles.find(({ name }) => name === profile)?.account ?? '';
    const sqs = new SQSClient(this.settings(profile));
    return eventually(`a message in ${queue}`, async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: `${this.cloud.endpoint}/${account}/${queue}`,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: 0,
        }),
      );
      return Messages[0];
    });
  }

  /** The names of the alarms that are on. */
  async alarmsOn(profile: string): Promise<readonly string[]> {
    const { MetricAlarms = [] } = await new CloudWatchClient(this.settings(profile)).send(
      new DescribeAlarmsCommand({ StateValue: 'ALARM' }),
    );
    return MetricAlarms.map(({ AlarmName = '' }) => AlarmName);
  }

  /** The journal's refusals: calls and deliveries that were not let through. */
  refusals(): readonly string[] {
    return this.cloud.journal.entries.filter(({ allowed }) => allowed === false).map(({ text }) => text);
  }
}

/** Plays the default organisation, or a variant of its templates, with a clone that holds `main`; ends with the test. */
export async function playing(played: Played = {}): Promise<Playing> {
  const cloud = await play(await assemblyOf(played));
  const clone = await mkdtemp(join(tmpdir(), 'mergecast-clone-'));
  onTestFinished(async () => {
    await cloud.stop();
    await rm(clone, { recursive: true, force: true, maxRetries: 3 });
  });
  const playing = new Playing(cloud, clone, played.repository, played.service);
  await playing.git('init', '--quiet', '--initial-branch=main');
  await playing.git('remote', 'add', 'origin', cloud.cloneUrl('devops', playing.repository));
  await seed(playing, played);
  return playing;
}

async function seed(playing: Playing, { buildspec = quickBuildspec, files }: Played): Promise<void> {
  if (files !== undefined) return cp(files, playing.clone, { recursive: true });
  await writeFile(join(playing.clone, 'buildspec.yml'), buildspec);
  await writeFile(join(playing.clone, 'template.yaml'), quickTemplate);
  await playing.commit('main');
  await playing.git('push', '--quiet', 'origin', 'main');
}
