import { z } from 'zod';
import { call } from '../../world/call.ts';
import type { Timer } from '../../world/clock.ts';
import type { Credentials } from '../../world/credentials.ts';
import { AwsError } from '../../world/failure.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { ActionFailure } from './actions/action.ts';
import { type Execution, executions } from './tables.ts';

/** How often a function says that it is not done yet, before it is called again. */
const againMilliseconds = 5_000;
/** A function that says nothing for this long has failed; source: facts 3.7. */
const silenceMilliseconds = 20 * 60_000;

/** What a function is asked to do. */
export interface Order {
  readonly execution: Execution;
  readonly session: SessionPrincipal;
  readonly credentials: Credentials;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly bucket: string; readonly key: string }[];
}

/** What a function reported. */
export interface Report {
  readonly summary?: string;
  readonly externalId?: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Job {
  readonly account: string;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed';
}

const jobs = table<Job>('codepipeline/jobs');

interface Pending {
  succeed(report: Report): void;
  fail(message: string, code?: ActionFailure['code']): void;
  again(token: string): void;
  close(): void;
}

const keyOf = (id: string): string => `codepipeline/job/${id}`;

/** Invokes a function with a job and waits until it reports with PutJobSuccessResult or PutJobFailureResult. Throws ActionFailure. */
export async function runJob(world: World, order: Order): Promise<Report> {
  const id = world.chance.uuid();
  const account = order.execution.pipeline.account;
  world.store.in(jobs).put(id, { account, status: 'InProgress' });
  const reported = wait(world, id, order);
  try {
    await Promise.all([invoke(world, order, id), reported]);
    world.store.in(jobs).put(id, { account, status: 'Succeeded' });
    return await reported;
  } catch (error) {
    world.store.in(jobs).put(id, { account, status: 'Failed' });
    throw error;
  } finally {
    await world.live.close(keyOf(id));
  }
}

function wait(world: World, id: string, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, code: ActionFailure['code'] = 'JobFailed'): void =>
      reject(new ActionFailure(code, message));
    const listen = (): Timer =>
      world.clock.after(silenceMilliseconds, () => fail('The function has not reported for 20 minutes'));
    let timer = listen();
    const again = (token: string): void => {
      timer.cancel();
      timer = world.clock.after(againMilliseconds, () => {
        timer = listen();
        invoke(world, order, id, token).catch(reject);
      });
    };
    const close = (): void => timer.cancel();
    world.live.get(keyOf(id), (): Pending => ({ succeed: resolve, fail, again, close }));
  });
}

async function invoke(world: World, order: Order, id: string, token?: string): Promise<void> {
  const { pipeline, cause } = order.execution;
  await call(world, {
    caller: order.session,
    account: pipeline.account,
    region: pipeline.region,
    cause,
    service: 'lambda',
    operation: 'Invoke',
    input: {
      FunctionName: order.configuration['FunctionName'],
      InvocationType: 'Event',
      Payload: JSON.stringify({ 'CodePipeline.job': jobOf(world, order, id, token) }),
    },
  });
}

/** The event as Lambda gets it. */
function jobOf(
  world: World,
  { execution, credentials, configuration, inputs, outputs }: Order,
  id: string,
  token?: string,
) {
  const { pipeline } = execution;
  const { artifacts, revisions } = world.store.in(executions).get(execution.id) as Execution;
  const shown = (name: string, bucket: string, key: string) => ({
    name,
    revision: revisions.find(({ artifact }) => artifact === name)?.revisionId ?? null,
    location: { type: 'S3', s3Location: { bucketName: bucket, objectKey: key } },
  });
  return {
    id,
    accountId: pipeline.account,
    data: {
      actionConfiguration: { configuration },
      inputArtifacts: inputs.map((name) => {
        const place = artifacts[name];
        if (place === undefined)
          throw new ActionFailure('ConfigurationError', `input artifact ${name} was not made by an earlier action`);
        return shown(name, place.bucket, place.key);
      }),
      outputArtifacts: outputs.map(({ name, bucket, key }) => shown(name, bucket, key)),
      artifactCredentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey,
        sessionToken: credentials.sessionToken,
      },
      ...(token === undefined ? {} : { continuationToken: token }),
      ...(pipeline.keyArn === undefined ? {} : { encryptionKey: { id: pipeline.keyArn, type: 'KMS' } }),
    },
  };
}

function pendingJob(world: World, account: string, id: string): Pending {
  const job = world.store.in(jobs).get(id);
  if (job?.account !== account)
    throw new AwsError('JobNotFoundException', `The job '${id.slice(0, 60)}' was not found in account '${account}'`);
  const pending = world.live.find<Pending>(keyOf(id));
  if (pending === undefined || job.status !== 'InProgress')
    throw new AwsError('InvalidJobStateException', `The job ${id} is ${job.status} and takes no result any more`);
  return pending;
}

const largestVariablesBytes = 122_880;
const details = z.object({
  summary: z.string().max(2048).optional(),
  externalExecutionId: z.string().max(1500).optional(),
});

/** A function's success, or with a continuation token its wish to be called again. Throws JobNotFoundException, InvalidJobStateException. */
export const putJobSuccessResult = operation({
  simplified: 'A function that answers with a continuation token is called again after 5 seconds.',
  input: z.object({
    jobId: z.string(),
    continuationToken: z.string().min(1).max(2048).optional(),
    executionDetails: details.default({}),
    outputVariables: z.record(z.string().regex(/^[A-Za-z0-9@_-]+$/), z.string()).default({}),
  }),
  access: () => [{ action: 'codepipeline:PutJobSuccessResult', resource: '*' }],
  run: ({ jobId, continuationToken, executionDetails, outputVariables }, { world, account }) => {
    const pending = pendingJob(world, account, jobId);
    if (Buffer.byteLength(JSON.stringify(outputVariables)) > largestVariablesBytes)
      throw new AwsError(
        'OutputVariablesSizeExceededException',
        `Output variables take at most ${largestVariablesBytes} bytes`,
      );
    if (continuationToken !== undefined) pending.again(continuationToken);
    else {
      const { summary, externalExecutionId: externalId } = executionDetails;
      pending.succeed({
        variables: outputVariables,
        ...(summary === undefined ? {} : { summary }),
        ...(externalId === undefined ? {} : { externalId }),
      });
    }
    return {};
  },
});

/** A function's failure. Throws JobNotFoundException, InvalidJobStateException. */
export const putJobFailureResult = operation({
  input: z.object({
    jobId: z.string(),
    failureDetails: z.object({
      type: z.enum([
        'JobFailed',
        'ConfigurationError',
        'PermissionError',
        'RevisionOutOfSync',
        'RevisionUnavailable',
        'SystemUnavailable',
      ]),
      message: z.string().min(1).max(5000),
      externalExecutionId: z.string().optional(),
    }),
  }),
  access: () => [{ action: 'codepipeline:PutJobFailureResult', resource: '*' }],
  run: ({ jobId, failureDetails }, { world, account }) => {
    pendingJob(world, account, jobId).fail(failureDetails.message, failureDetails.type);
    return {};
  },
});
