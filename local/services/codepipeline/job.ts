import type { Credentials } from '../../world/credentials.ts';
import { AwsError } from '../../world/failure.ts';
import type { Closable } from '../../world/live.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { ActionFailure } from './actions/action.ts';
import { artifactPlaceOf } from './artifacts.ts';
import { type Execution, executions } from './tables.ts';

/** What a worker is asked to do. */
export interface Order {
  readonly execution: Execution;
  readonly session: SessionPrincipal;
  readonly credentials: Credentials;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly bucket: string; readonly key: string }[];
  /** Where in the pipeline it stands; a rule's order has none. */
  readonly context?: { readonly stage: string; readonly action: string; readonly actionExecutionId: string };
}

/** What a worker reported. */
export interface Report {
  readonly summary?: string;
  readonly externalId?: string;
  readonly variables: Readonly<Record<string, string>>;
  /** A custom source's revision. */
  readonly revision?: { readonly revisionId: string; readonly summary: string };
}

/** An order that somebody works on. */
export interface Job extends Place {
  readonly id: string;
  readonly status: 'Queued' | 'InProgress' | 'Succeeded' | 'Failed';
  /** For a job that workers poll for: their action type and the nonce that AcknowledgeJob takes. */
  readonly polled?: { readonly type: string; readonly nonce: string };
}

/** By id. */
export const jobs = table<Job>('codepipeline/jobs');

/** A job whose report is waited for. */
export interface Pending extends Closable {
  readonly order: Order;
  /** The job's data as the API and the function's event show it. */
  data(): object;
  succeed(report: Report): void;
  fail(message: string, code?: ActionFailure['code']): void;
  again(token: string): void;
}

/** The live handle of a job. */
export const keyOfJob = (id: string): string => `codepipeline/job/${id}`;

/** Changes how a job stands; one that is forgotten stays so. */
export function noteJob(world: World, id: string, status: Job['status']): void {
  world.store.in(jobs).update(id, (row) => ({ ...row, status }));
}

/** Keeps a job in the table while it is worked on, and how it ended afterwards. Throws what the work throws. */
export async function keepJob(
  world: World,
  { execution }: Order,
  begun: Pick<Job, 'status' | 'polled'>,
  work: (id: string) => Promise<Report>,
): Promise<Report> {
  const id = world.chance.uuid();
  const { account, region } = execution.pipeline;
  world.store.in(jobs).put(id, { id, account, region, ...begun });
  try {
    const report = await work(id);
    noteJob(world, id, 'Succeeded');
    return report;
  } catch (error) {
    noteJob(world, id, 'Failed');
    throw error;
  } finally {
    await world.live.close(keyOfJob(id));
  }
}

/** The job of that id. Throws JobNotFoundException. */
export function findJob(world: World, { account, region }: Place, id: string): Job {
  const job = world.store.in(jobs).get(id);
  if (job?.account !== account || job.region !== region)
    throw new AwsError('JobNotFoundException', `The job '${id.slice(0, 60)}' was not found in account '${account}'`);
  return job;
}

/** The job of that id that still waits for a report. Throws JobNotFoundException, InvalidJobStateException. */
export function pendingJob(world: World, at: Place, id: string): Pending {
  const job = findJob(world, at, id);
  const pending = world.live.find<Pending>(keyOfJob(id));
  if (pending === undefined || job.status !== 'InProgress')
    throw new AwsError('InvalidJobStateException', `The job ${id} is ${job.status} and takes no result`);
  return pending;
}

/** A job's data: configuration, artifacts, and the keys that open them. Throws ActionFailure for an artifact that nobody made. */
export function jobData(world: World, order: Order, token?: string): object {
  const { execution, credentials, configuration, inputs, outputs, context } = order;
  const { pipeline } = execution;
  const { artifacts, revisions } = world.store.in(executions).get(execution.id) as Execution;
  const shown = (name: string, bucket: string, key: string) => ({
    name,
    revision: revisions.find(({ artifact }) => artifact === name)?.revisionId ?? null,
    location: { type: 'S3', s3Location: { bucketName: bucket, objectKey: key } },
  });
  return {
    actionConfiguration: { configuration },
    ...(context === undefined ? {} : { pipelineContext: contextOf(execution, context) }),
    inputArtifacts: inputs.map((name) => {
      const { bucket, key } = artifactPlaceOf({ artifacts }, name);
      return shown(name, bucket, key);
    }),
    outputArtifacts: outputs.map(({ name, bucket, key }) => shown(name, bucket, key)),
    artifactCredentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
    },
    ...(token === undefined ? {} : { continuationToken: token }),
    ...(pipeline.keyArn === undefined ? {} : { encryptionKey: { id: pipeline.keyArn, type: 'KMS' } }),
  };
}

const contextOf = (
  { id, pipeline }: Execution,
  { stage, action, actionExecutionId }: NonNullable<Order['context']>,
) => ({
  pipelineName: pipeline.name,
  pipelineArn: pipeline.arn,
  pipelineExecutionId: id,
  stage: { name: stage },
  action: { name: action, actionExecutionId },
});
