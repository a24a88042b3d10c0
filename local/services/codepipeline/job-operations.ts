import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { customType, customTypeArn, customTypeId } from './custom-types.ts';
import { findJob, type Job, jobs, keyOfJob, noteJob, type Pending, pendingJob } from './job.ts';

const anyJob = (action: string) => () => [{ action: `codepipeline:${action}`, resource: '*' }];
const mostPolled = 100;

/** The jobs of a custom action type that no worker has taken. Throws ActionTypeNotFoundException. */
export const pollForJobs = operation({
  input: z.object({
    actionTypeId: customTypeId,
    maxBatchSize: z.number().int().min(1).default(mostPolled),
    queryParam: z.record(z.string().regex(/^[a-zA-Z0-9_-]{1,50}$/), z.string().min(1).max(50)).default({}),
  }),
  access: ({ actionTypeId }, call) => [
    { action: 'codepipeline:PollForJobs', resource: customTypeArn(actionTypeId, call) },
  ],
  run: ({ actionTypeId, maxBatchSize, queryParam }, { world, account, region }) => {
    const type = customType(world, { account, region }, actionTypeId);
    const wanted = ({ order }: Pending): boolean =>
      Object.entries(queryParam).every(([key, value]) => order.configuration[key] === value);
    const open = world.store
      .in(jobs)
      .where((job) => job.status === 'Queued' && job.polled?.type === type.key)
      .flatMap((job) => {
        const pending = world.live.find<Pending>(keyOfJob(job.id));
        return pending === undefined || !wanted(pending) ? [] : [{ job, pending }];
      });
    return {
      jobs: open.slice(0, Math.min(maxBatchSize, mostPolled)).map(({ job, pending }) => ({
        id: job.id,
        nonce: job.polled?.nonce,
        accountId: account,
        data: { actionTypeId, ...pending.data() },
      })),
    };
  },
});

/** A worker takes a job; nobody else is offered it from now on. Throws JobNotFoundException, InvalidNonceException. */
export const acknowledgeJob = operation({
  input: z.object({ jobId: z.string(), nonce: z.string().min(1).max(50) }),
  access: anyJob('AcknowledgeJob'),
  run: ({ jobId, nonce }, { world, account, region }) => {
    const job = findJob(world, { account, region }, jobId);
    if (job.polled?.nonce !== nonce)
      throw new AwsError('InvalidNonceException', `The nonce of job ${jobId} is another one: take it from PollForJobs`);
    if (job.status === 'Queued') noteJob(world, jobId, 'InProgress');
    return { status: job.status === 'Queued' ? 'InProgress' : job.status };
  },
});

/** What a job asks for, while it is open. Throws JobNotFoundException. */
export const getJobDetails = operation({
  simplified: 'A job that has ended is not found.',
  input: z.object({ jobId: z.string() }),
  access: anyJob('GetJobDetails'),
  run: ({ jobId }, { world, account, region }) => {
    const job: Job = findJob(world, { account, region }, jobId);
    const pending = world.live.find<Pending>(keyOfJob(job.id));
    if (pending === undefined)
      throw new AwsError('JobNotFoundException', `The job '${jobId}' has ended in account '${account}'`);
    return { jobDetails: { id: job.id, accountId: account, data: pending.data() } };
  },
});

const largestVariablesBytes = 122_880;
const details = z.object({
  summary: z.string().max(2048).optional(),
  externalExecutionId: z.string().max(1500).optional(),
  percentComplete: z.number().int().min(0).max(100).optional(),
});
const currentRevision = z.object({
  revision: z.string().min(1).max(1500),
  changeIdentifier: z.string().min(1).max(100),
  revisionSummary: z.string().min(1).max(2048).optional(),
});

/** A worker's success, or with a continuation token its wish to be asked again. Throws JobNotFoundException, InvalidJobStateException. */
export const putJobSuccessResult = operation({
  simplified: 'A function that answers with a continuation token is called again after 5 seconds.',
  input: z.object({
    jobId: z.string(),
    currentRevision: currentRevision.optional(),
    continuationToken: z.string().min(1).max(2048).optional(),
    executionDetails: details.default({}),
    outputVariables: z.record(z.string().regex(/^[A-Za-z0-9@_-]+$/), z.string()).default({}),
  }),
  access: anyJob('PutJobSuccessResult'),
  run: (result, { world, account, region }) => {
    const { jobId, continuationToken, executionDetails, outputVariables, currentRevision: revision } = result;
    const pending = pendingJob(world, { account, region }, jobId);
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
        ...(revision === undefined
          ? {}
          : { revision: { revisionId: revision.revision, summary: revision.revisionSummary ?? '' } }),
      });
    }
    return {};
  },
});

/** A worker's failure. Throws JobNotFoundException, InvalidJobStateException. */
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
  access: anyJob('PutJobFailureResult'),
  run: ({ jobId, failureDetails }, { world, account, region }) => {
    pendingJob(world, { account, region }, jobId).fail(failureDetails.message, failureDetails.type);
    return {};
  },
});
