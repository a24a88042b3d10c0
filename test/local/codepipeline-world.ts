import { setTimeout as sleep } from 'node:timers/promises';
import { CodeCommitClient, CreateCommitCommand } from '@aws-sdk/client-codecommit';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { parseTemplate } from '../../languages/template/parse.ts';
import { administrator } from '../../local/accounts.ts';
import { deploy, type StackOutcome } from '../../local/services/cloudformation/deploy.ts';
import { jobs } from '../../local/services/codepipeline/job.ts';
import type { World } from '../../local/world/world.ts';
import { bareWorld } from './bare-world.ts';

/** The account and region of these tests. */
export const place = { account: '222222222222', region: 'eu-west-1' };
const role = 'arn:aws:iam::222222222222:role/pipeline';

/** An action that waits for somebody. */
export const approval = (Name: string, more: object = {}) => ({
  Name,
  ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' },
  ...more,
});

/** A source action on branch main. */
export const source = (Name = 'Source', artifact = 'Code') => ({
  Name,
  ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'CodeCommit', Version: '1' },
  Configuration: { RepositoryName: 'orders', BranchName: 'main', PollForSourceChanges: false },
  OutputArtifacts: [{ Name: artifact }],
});

/** A pipeline of Source and two stages that wait for somebody each. */
export const twoApprovals = [
  { Name: 'Source', Actions: [source()] },
  { Name: 'First', Actions: [approval('Ask')] },
  { Name: 'Second', Actions: [approval('Ask')] },
];

/**
 * A world with a repository, a bucket and a role, in which pipelines are made by template; what is answered concerns the pipeline `orders`, and `named` gives the
 * same of another. It ends with the test, or when `atEnd` says.
 */
export async function codepipelineWorld(atEnd: (end: () => Promise<void>) => void = onTestFinished) {
  const open = await bareWorld();
  const { world } = open;
  atEnd(() => open.close());
  const client = new CodePipelineClient({ ...open.client(place.account), maxAttempts: 1 });
  const codecommit = new CodeCommitClient(open.client(place.account));
  const caller = administrator(world, place.account);
  const stack = async (stackName: string, Resources: object) => {
    const template = parseTemplate(JSON.stringify({ Resources }));
    return deploy(world, { ...place, stackName, template, parameters: {}, tags: {}, caller });
  };
  await stack('ground', ground);
  let parent: string | undefined;
  /** Commits a file to main; answers the commit. */
  const commit = async (text: string): Promise<string> => {
    const { commitId = '' } = await codecommit.send(
      new CreateCommitCommand({
        repositoryName: 'orders',
        branchName: 'main',
        parentCommitId: parent,
        putFiles: [{ filePath: 'a.txt', fileContent: Buffer.from(text) }],
      }),
    );
    parent = commitId;
    return commitId;
  };
  const named = (name: string) => flowOf(name, client, stack);
  return {
    world,
    /** What other clients of the account are made with. */
    settings: open.client(place.account),
    s3: new S3Client({ ...open.client(place.account), forcePathStyle: true }),
    client,
    commit,
    stack,
    named,
    ...named('orders'),
    /** The events of CodePipeline on the default bus, oldest first. */
    told: () =>
      world.journal.entries
        .filter(({ kind }) => kind === 'event')
        .map(({ detail }) => (detail as { event: { source: string; detail: Record<string, unknown> } }).event)
        .filter((event) => event.source === 'aws.codepipeline'),
  };
}

/** What tests do with one pipeline. */
function flowOf(
  pipelineName: string,
  client: CodePipelineClient,
  stack: (stackName: string, resources: object) => Promise<StackOutcome>,
) {
  const executions = async () =>
    (await client.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries ?? [];
  const state = async () => (await client.send(new GetPipelineStateCommand({ name: pipelineName }))).stageStates ?? [];
  const status = async (pipelineExecutionId: string) =>
    (await client.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }))).pipelineExecution
      ?.status;
  const token = async (stageName: string) =>
    (await state()).find((stage) => stage.stageName === stageName)?.actionStates?.[0]?.latestExecution?.token;
  return {
    executions,
    state,
    status,
    /** The token of the approval that waits in a stage. */
    token,
    /** Makes or changes the pipeline; answers the outcome of the stack. */
    pipeline: (Stages: readonly object[], more: object = {}) =>
      stack(`pipeline-${pipelineName}`, {
        Pipeline: {
          Type: 'AWS::CodePipeline::Pipeline',
          Properties: {
            Name: pipelineName,
            RoleArn: role,
            PipelineType: 'V2',
            ArtifactStore: { Type: 'S3', Location: 'orders-artifacts' },
            Stages,
            ...more,
          },
        },
      }),
    start: async (
      more: {
        sourceRevisions?: SourceRevisionOverride[];
        variables?: { name: string; value: string }[];
        clientRequestToken?: string;
      } = {},
    ) =>
      (await client.send(new StartPipelineExecutionCommand({ name: pipelineName, ...more }))).pipelineExecutionId ?? '',
    /** Waits until an execution is in a stage. */
    reached: (id: string, stageName: string) =>
      until(`${id} in ${stageName}`, async () => {
        const [ended] = (await executions()).filter((each) => each.pipelineExecutionId === id);
        if (ended?.status === 'Failed') throw new Error(`${id} has failed: ${ended.statusSummary}`);
        const stage = (await state()).find((each) => each.stageName === stageName);
        return (
          stage?.latestExecution?.pipelineExecutionId === id &&
          stage.actionStates?.[0]?.latestExecution?.token !== undefined
        );
      }),
    ended: (id: string) =>
      until(`the end of ${id}`, async () => !['InProgress', 'Stopping'].includes((await status(id)) ?? '')),
    answer: async (stageName: string, verdict: 'Approved' | 'Rejected', summary = 'said the test', given?: string) => {
      const result = { status: verdict, summary };
      await client.send(
        new PutApprovalResultCommand({
          pipelineName,
          stageName,
          actionName: 'Ask',
          token: given ?? (await token(stageName)),
          result,
        }),
      );
    },
  };
}

/** The newest job that the function `worker` was given, which it printed; each is answered once. */
export async function jobOf(world: World): Promise<string> {
  const printed = () =>
    world.journal.entries
      .flatMap(({ kind, text }) => (kind === 'log' ? (/job ([0-9a-f-]{36})/.exec(text)?.[1] ?? []) : []))
      .filter((id) => world.store.in(jobs).get(id)?.status === 'InProgress')
      .at(-1);
  await expect.poll(printed, { timeout: 10_000 }).toBeDefined();
  return printed() ?? '';
}

/** One world for all tests of a file, which disturb each other by names of pipelines only; answers how to get it within a test. */
export function sharedWorld(): () => Awaited<ReturnType<typeof codepipelineWorld>> {
  let flow: Awaited<ReturnType<typeof codepipelineWorld>> | undefined;
  let end: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    flow = await codepipelineWorld((close) => {
      end = close;
    });
    await flow.commit('one');
  });
  afterAll(() => end?.());
  return () => {
    if (flow === undefined) throw new Error('the world begins with the tests');
    return flow;
  };
}

/** A world with a pipeline whose run at creation has ended in its stage First, and one commit on main. */
export async function ready(stages: readonly object[] = twoApprovals, more: object = {}) {
  const flow = await codepipelineWorld();
  const head = await flow.commit('one');
  const outcome = await flow.pipeline(stages, more);
  if (outcome.failed) throw new Error(outcome.reason);
  const [creation] = await flow.executions();
  await flow.reached(creation?.pipelineExecutionId ?? '', 'First');
  await flow.answer('First', 'Rejected');
  await flow.ended(creation?.pipelineExecutionId ?? '');
  return { ...flow, head };
}

async function until(what: string, question: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`waited 20 s for ${what} in vain`);
    await sleep(20);
  }
}

const allow = (...Action: readonly string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

const ground = {
  Repository: { Type: 'AWS::CodeCommit::Repository', Properties: { RepositoryName: 'orders' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'orders-artifacts' } },
  FunctionRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'function',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'worker',
      Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: "exports.handler = async (event) => console.log('job ' + event['CodePipeline.job'].id)" },
    },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'pipeline',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: ['codepipeline.amazonaws.com', 'codebuild.amazonaws.com'] },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'all',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow(
                'codecommit:*',
                's3:*',
                'lambda:InvokeFunction',
                'cloudwatch:DescribeAlarms',
                'codepipeline:*',
                'codebuild:*',
                'logs:*',
              ),
            ],
          },
        },
      ],
    },
  },
};
