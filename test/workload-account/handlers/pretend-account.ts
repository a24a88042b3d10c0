import type { AddressInfo, Server } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { HistoryEntry } from '../../../shared/parameter-store.ts';
import type { Input, PretendAws, Reply } from '../../devops-account/handlers/pretend-aws.ts';
import { AwsRefusal, pretendAws } from '../../devops-account/handlers/pretend-aws.ts';

/** An execution, as the pretend CodePipeline keeps it. */
interface Execution {
  readonly id: string;
  readonly pipeline: string;
  readonly commitId: string | null;
  readonly generation: string | null;
  readonly mergeId: string | null;
  readonly author: string | null;
  readonly title: string | null;
  readonly token: string | null;
  readonly triggerType: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  status: string;
  source: string;
}

/** One environment's account and the repository it reads, far enough to run the starter against. */
export interface PretendAccount {
  readonly aws: PretendAws;
  readonly branches: Map<string, string | AwsRefusal>;
  readonly executions: Execution[];
  readonly reports: Record<string, unknown>[];
  /** Paths that changed, in pages. */
  readonly changes: string[][];
  /** The DevOps account's trail; times in milliseconds since 1970. */
  readonly trail: { readonly at: number; readonly message: string }[];
  /** Pages without a record that come before those with some. */
  emptyPages: number;
  /** Trees of commits. */
  readonly trees: Map<string, string>;
  /** Who wrote commits, and their messages. */
  readonly words: Map<string, { readonly author: { readonly name: string }; readonly message: string }>;
  /** The versions of Parameter Store's parameters, as AWS answers them. */
  readonly parameters: Map<string, readonly HistoryEntry[]>;
  /** What AWS answers to an operation instead. */
  readonly faults: Map<string, AwsRefusal>;
  /** The starter dies at this call, counted from 0 from the first in `aws.calls`: before AWS got it, or after. */
  death: { readonly call: number; readonly when: 'before' | 'after' } | null;
  /** Calls of PutEvents that refuse their entries in a 200 answer from now on. */
  refusedEntries: number;
  /** Milliseconds since 1970. */
  now: number;
  readonly create: (pipeline: string, commitId: string | null, status?: string) => Execution;
  /** A call of a starter that was long under way arrives. */
  readonly start: (commitId: string, generation: number) => Execution;
  readonly close: () => Promise<void>;
}

/** What an execution has that was not started by the starter. */
const untold = { generation: null, mergeId: null, author: null, title: null, token: null };

const starter = 'arn:aws:sts::222222222222:assumed-role/mergecast-dev-starter/start-pipeline';

/** Begins with the run that AWS starts when `orders-dev` is created, at `commitId`. */
export async function pretendAccount(commitId: string): Promise<PretendAccount> {
  const dynamo = dynalite({ createTableMs: 0 }) as unknown as Server;
  await new Promise<void>((resolve) => dynamo.listen(0, '127.0.0.1', resolve));
  const dynamoPort = (dynamo.address() as AddressInfo).port;
  const interfere = async (operation: string, perform: () => Promise<void>): Promise<Reply | null> => {
    const call = aws.calls.length - 1;
    if (account.death === null || call < account.death.call) return account.faults.get(operation) ?? null;
    if (account.death.when === 'after' && call === account.death.call) await perform();
    return 'hang up';
  };
  const begin = (execution: Omit<Execution, 'id' | 'startedAt' | 'status' | 'source'>, status: string): Execution => {
    const id = `00000000-0000-4000-8000-${String(account.executions.length).padStart(12, '0')}`;
    const startedAt = account.now + account.executions.length;
    const begun = { ...execution, id, startedAt, status, source: status === 'Failed' ? 'Failed' : 'Succeeded' };
    account.executions.push(begun);
    return begun;
  };
  const aws = await pretendAws(
    {
      AssumeRole: () => ({
        AccessKeyId: 'ASIAEXAMPLE',
        SecretAccessKey: 'example',
        SessionToken: 'example',
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      }),
      GetBranch: ({ repositoryName, branchName }) => {
        const head = account.branches.get(`${String(repositoryName)}/${String(branchName)}`);
        if (head instanceof AwsRefusal) return head;
        return head === undefined ? new AwsRefusal('BranchDoesNotExistException') : { branch: { commitId: head } };
      },
      GetDifferences: ({ NextToken }) => differences(account.changes, Number(NextToken ?? 0)),
      ListPipelineExecutions: ({ pipelineName }) => ({
        pipelineExecutionSummaries: account.executions
          .filter(({ pipeline }) => pipeline === pipelineName)
          .map(summary)
          .reverse(),
      }),
      GetPipelineExecution: ({ pipelineExecutionId }) => described(account.executions, String(pipelineExecutionId)),
      ListActionExecutions: ({ filter }) => {
        const { pipelineExecutionId } = filter as { pipelineExecutionId: string };
        const status = account.executions.find(({ id }) => id === pipelineExecutionId)?.source;
        return { actionExecutionDetails: [{ stageName: 'Source', actionName: 'Source', status, startTime: 1 }] };
      },
      RetryStageExecution: ({ pipelineExecutionId }) => ({ pipelineExecutionId: String(pipelineExecutionId) }),
      StartPipelineExecution: (input) => ({ pipelineExecutionId: begin(executionIn(input), 'InProgress').id }),
      FilterLogEvents: ({ startTime, endTime, nextToken }) => {
        const from = Number(startTime);
        const lines = account.trail.filter(({ at }) => from <= at && at < Number(endTime));
        const page = Number(nextToken ?? 0);
        const next = page < account.emptyPages ? { nextToken: String(page + 1) } : {};
        return { events: next.nextToken === undefined ? lines.map(({ message }) => ({ message })) : [], ...next };
      },
      GetCommit: ({ commitId }) =>
        account.trees.has(String(commitId)) || account.words.has(String(commitId))
          ? {
              commit: {
                commitId,
                treeId: account.trees.get(String(commitId)),
                ...account.words.get(String(commitId)),
              },
            }
          : new AwsRefusal('CommitIdDoesNotExistException'),
      GetParameterHistory: ({ Name }) =>
        account.parameters.has(String(Name))
          ? { Parameters: account.parameters.get(String(Name)) }
          : new AwsRefusal('ParameterNotFound'),
      PutEvents: ({ Entries }) => {
        const entries = Entries as readonly { Detail: string }[];
        if (account.refusedEntries > 0) {
          account.refusedEntries -= 1;
          return { FailedEntryCount: entries.length, Entries: entries.map(() => ({ ErrorCode: 'InternalFailure' })) };
        }
        account.reports.push(...entries.map(({ Detail }) => JSON.parse(Detail) as Record<string, unknown>));
        return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'e' })) };
      },
    },
    interfere,
    dynamoPort,
  );
  const account: PretendAccount = {
    aws,
    branches: new Map([['orders/dev', commitId]]),
    executions: [],
    reports: [],
    changes: [[]],
    parameters: new Map(),
    trail: [],
    emptyPages: 0,
    trees: new Map(),
    words: new Map(),
    faults: new Map(),
    death: null,
    refusedEntries: 0,
    now: Date.parse('2026-11-20T10:00:00Z'),
    create: (pipeline, commit, status = 'Succeeded') =>
      begin({ pipeline, commitId: commit, ...untold, triggerType: 'CreatePipeline' }, status),
    start: (commit, generation) =>
      begin(
        {
          pipeline: 'orders-dev',
          commitId: commit,
          ...untold,
          generation: String(generation),
          triggerType: 'StartPipelineExecution',
        },
        'InProgress',
      ),
    close: async () => {
      await aws.close();
      await new Promise((resolve) => dynamo.close(resolve));
    },
  };
  await createLedgerTable(dynamoPort);
  account.create('orders-dev', commitId);
  return account;
}

async function createLedgerTable(port: number): Promise<void> {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: 'mergecast-dev-ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pipeline', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pipeline', KeyType: 'HASH' }],
    }),
  );
  client.destroy();
}

function executionIn(input: Input): Omit<Execution, 'id' | 'startedAt' | 'status' | 'source'> {
  const variables = new Map(
    (input.variables as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );
  const [revision] = input.sourceRevisions as { revisionValue: string }[];
  return {
    pipeline: String(input.name),
    commitId: revision?.revisionValue ?? null,
    generation: variables.get('generation') ?? null,
    mergeId: variables.get('mergeId') ?? null,
    author: variables.get('author') ?? null,
    title: variables.get('title') ?? null,
    token: String(input.clientRequestToken),
    triggerType: 'StartPipelineExecution',
  };
}

const summary = (execution: Execution) => ({
  pipelineExecutionId: execution.id,
  status: execution.status,
  startTime: execution.startedAt / 1000,
  trigger: {
    triggerType: execution.triggerType,
    triggerDetail: execution.triggerType === 'CreatePipeline' ? '' : starter,
  },
  sourceRevisions: execution.commitId === null ? [] : [{ actionName: 'Source', revisionId: execution.commitId }],
});

function described(executions: readonly Execution[], wanted: string): Reply {
  const found = executions.find(({ id }) => id === wanted);
  if (found === undefined) return new AwsRefusal('PipelineExecutionNotFoundException');
  return {
    pipelineExecution: {
      pipelineExecutionId: found.id,
      variables: [{ name: 'generation', resolvedValue: found.generation ?? 'none' }],
      artifactRevisions: found.commitId === null ? [] : [{ name: 'Source', revisionId: found.commitId }],
    },
  };
}

const differences = (pages: readonly string[][], page: number): Reply => ({
  differences: (pages[page] ?? []).map((path) => ({ afterBlob: { path } })),
  ...(page + 1 < pages.length ? { NextToken: String(page + 1) } : {}),
});
