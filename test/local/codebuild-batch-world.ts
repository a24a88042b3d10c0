import {
  BatchGetBuildBatchesCommand,
  BatchGetBuildsCommand,
  type BuildBatch,
  StartBuildBatchCommand,
  type StartBuildBatchCommandInput,
} from '@aws-sdk/client-codebuild';
import { findRunningBatch } from '../../local/services/codebuild/batch-running.ts';
import { account, buildWorld, spec } from './codebuild-world.ts';

/** A batch to be run: the batch of its buildspec, the commands of each build, other parts, and members of StartBuildBatch. */
interface BatchOrder {
  readonly batch: object;
  readonly commands?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly rest?: object;
  readonly input?: Partial<StartBuildBatchCommandInput>;
}

/** Everything that a batch role does. */
export const batchActions = ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:RetryBuild'];

/** The world of builds with a role for batches, of at most six builds on small machines within half an hour. */
export async function batchWorld() {
  const cloud = await buildWorld({
    BuildBatchConfig: {
      ServiceRole: `arn:aws:iam::${account}:role/orders-batch`,
      Restrictions: { MaximumBuildsAllowed: 6, ComputeTypesAllowed: ['BUILD_GENERAL1_SMALL'] },
      TimeoutInMins: 30,
    },
  });
  let role: Awaited<ReturnType<typeof cloud.place>> | undefined;
  /** The batch role may do exactly this on the project. */
  const may = async (actions: readonly string[]): Promise<void> => {
    const properties = {
      RoleName: 'orders-batch',
      AssumeRolePolicyDocument: policy({ Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      Policies: [{ PolicyName: 'batches', PolicyDocument: policy({ Action: actions, Resource: cloud.projectArn }) }],
    };
    const previous = role === undefined ? undefined : { ...role, properties };
    role = await cloud.place(account, 'AWS::IAM::Role', properties, previous);
  };
  await may(batchActions);
  const startBatch = async (order: BatchOrder): Promise<string> => {
    const { batch, commands = ['true'], files = {}, rest = {}, input = {} } = order;
    const text = spec({ batch, phases: { build: { commands } }, ...rest });
    const { buildBatch } = await cloud.builds.send(
      new StartBuildBatchCommand({
        projectName: 'orders',
        sourceTypeOverride: 'S3',
        sourceLocationOverride: await cloud.zipped({ 'buildspec.yml': text, ...files }),
        ...input,
      }),
    );
    return buildBatch?.id ?? '';
  };
  const readBatch = async (id: string): Promise<BuildBatch> =>
    (await cloud.builds.send(new BatchGetBuildBatchesCommand({ ids: [id] }))).buildBatches?.[0] as BuildBatch;
  const endBatch = async (id: string): Promise<BuildBatch> => {
    await findRunningBatch(cloud.world, id)?.ended;
    return readBatch(id);
  };
  return {
    ...cloud,
    may,
    startBatch,
    readBatch,
    endBatch,
    runBatch: async (order: BatchOrder): Promise<BuildBatch> => endBatch(await startBatch(order)),
    /** The builds of a batch that were begun. */
    childrenOf: async ({ buildGroups = [] }: BuildBatch) => {
      const ids = buildGroups.flatMap(({ currentBuildSummary }) => currentBuildSummary?.arn ?? []);
      return ids.length === 0 ? [] : ((await cloud.builds.send(new BatchGetBuildsCommand({ ids }))).builds ?? []);
    },
  };
}

const policy = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
