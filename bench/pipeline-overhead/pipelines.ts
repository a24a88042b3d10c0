import { CodeCommitClient, CreateCommitCommand } from '@aws-sdk/client-codecommit';
import { parseTemplate } from '../../languages/template/parse.ts';
import { administrator, administratorKeys } from '../../local/accounts.ts';
import type { OpenWorld } from '../../local/open-world.ts';
import { deploy } from '../../local/services/cloudformation/deploy.ts';
import { startExecution } from '../../local/services/codepipeline/engine.ts';
import { executions, findPipeline } from '../../local/services/codepipeline/tables.ts';
import type { World } from '../../local/world/world.ts';

const place = { account: '222222222222', region: 'eu-west-1' };
const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});
const everything = {
  PolicyName: 'all',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

const ground = {
  Repository: { Type: 'AWS::CodeCommit::Repository', Properties: { RepositoryName: 'orders' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'orders-artifacts' } },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'pipeline',
      AssumeRolePolicyDocument: trust('codepipeline.amazonaws.com'),
      Policies: [everything],
    },
  },
};

/** The actions of each pipeline, beside its source. */
export const actionsEach = 10;
/** What each action runs: the first line marks when its buildspec began. */
const trivial = (index: number) => ({
  Name: `Action${index}`,
  ActionTypeId: { Category: 'Compute', Owner: 'AWS', Provider: 'Commands', Version: '1' },
  Commands: ['echo begun'],
  InputArtifacts: [{ Name: 'Code' }],
  RunOrder: index + 1,
});

const pipelineNamed = (Name: string) => ({
  Type: 'AWS::CodePipeline::Pipeline',
  Properties: {
    Name,
    RoleArn: 'arn:aws:iam::222222222222:role/pipeline',
    PipelineType: 'V2',
    ExecutionMode: 'QUEUED',
    ArtifactStore: { Type: 'S3', Location: 'orders-artifacts' },
    Stages: [
      {
        Name: 'Source',
        Actions: [
          {
            Name: 'Source',
            ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'CodeCommit', Version: '1' },
            Configuration: { RepositoryName: 'orders', BranchName: 'main', PollForSourceChanges: false },
            OutputArtifacts: [{ Name: 'Code' }],
          },
        ],
      },
      { Name: 'Work', Actions: Array.from({ length: actionsEach }, (_, index) => trivial(index)) },
    ],
  },
});

/** A repository with one small commit, a bucket and a role. */
export async function layGround({ world }: OpenWorld): Promise<void> {
  await stack(world, 'ground', ground);
  const { accessKeyId, secretAccessKey } = administratorKeys(world, place.account);
  const codecommit = new CodeCommitClient({
    endpoint: world.endpoint,
    region: place.region,
    credentials: { accessKeyId, secretAccessKey },
  });
  await codecommit.send(
    new CreateCommitCommand({
      repositoryName: 'orders',
      branchName: 'main',
      putFiles: [{ filePath: 'a.txt', fileContent: Buffer.from('one') }],
    }),
  );
}

/** Makes pipelines of ten trivial actions each, whose first executions start at once. */
export async function makePipelines(world: World, names: readonly string[]): Promise<void> {
  for (const name of names) await stack(world, name, { Pipeline: pipelineNamed(name) });
}

async function stack(world: World, stackName: string, Resources: object): Promise<void> {
  const template = parseTemplate(JSON.stringify({ Resources }));
  const caller = administrator(world, place.account);
  const { failed, reason } = await deploy(world, { ...place, stackName, template, parameters: {}, tags: {}, caller });
  if (failed) throw new Error(`${stackName}: ${reason}`);
}

/** Starts an execution of a pipeline; answers its id. */
export const start = (world: World, name: string): string =>
  startExecution(world, findPipeline(world, name, place), {
    trigger: { type: 'StartPipelineExecution', detail: 'bench' },
    variables: {},
    pinned: {},
    cause: 'bench',
  }).id;

/** Throws when an execution has not succeeded. */
export function checkSucceeded(world: World): void {
  const failed = world.store.in(executions).where(({ status }) => status !== 'Succeeded');
  if (failed.length > 0)
    throw new Error(`${failed.length} executions: ${failed[0]?.status} ${failed[0]?.statusSummary}`);
}
