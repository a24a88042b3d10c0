import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, type Operation, operation } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import { type MergeOption, mergeInto } from './merge.ts';
import { headOf } from './refs.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';

/** A pull request between two branches of one repository. */
interface PullRequest {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly repositoryArn: string;
  readonly repositoryName: string;
  readonly sourceBranch: string;
  readonly destinationBranch: string;
  readonly authorArn: string;
  readonly status: 'OPEN' | 'CLOSED';
  readonly mergeCommitId?: string;
  readonly mergeOption?: MergeOption;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** By `<account>/<region>/<id>`. */
const pullRequests = table<PullRequest>('codecommit/pull-requests');

const keyOf = ({ account, region }: Pick<Call, 'account' | 'region'>, id: string) => `${account}/${region}/${id}`;
const branchOf = (reference: string) => reference.replace(/^refs\/heads\//, '');

function find(call: Pick<Call, 'world' | 'account' | 'region'>, id: string): PullRequest {
  const found = call.world.store.in(pullRequests).get(keyOf(call, id));
  if (found === undefined)
    throw new AwsError('PullRequestDoesNotExistException', `Pull request ${id.slice(0, 40)} does not exist`);
  return found;
}

const shown = (request: PullRequest, repository: Repository) => ({
  pullRequest: {
    pullRequestId: request.id,
    title: request.title,
    description: request.description,
    authorArn: request.authorArn,
    pullRequestStatus: request.status,
    creationDate: new Date(request.createdAt),
    lastActivityDate: new Date(request.changedAt),
    pullRequestTargets: [
      {
        repositoryName: request.repositoryName,
        sourceReference: `refs/heads/${request.sourceBranch}`,
        destinationReference: `refs/heads/${request.destinationBranch}`,
        ...(request.status === 'OPEN'
          ? {
              sourceCommit: headOf(repository, request.sourceBranch),
              destinationCommit: headOf(repository, request.destinationBranch),
            }
          : {}),
        mergeMetadata: {
          isMerged: request.mergeCommitId !== undefined,
          mergeCommitId: request.mergeCommitId,
          mergeOption: request.mergeOption,
        },
      },
    ],
  },
});

/** Opens a pull request; one target, as CodeCommit allows. */
export const createPullRequest = operation({
  input: z.object({
    title: z.string().min(1).max(150),
    description: z.string().max(10_240).default(''),
    targets: z
      .array(z.object({ repositoryName: z.string(), sourceReference: z.string(), destinationReference: z.string() }))
      .length(1),
  }),
  access: ({ targets }, call) =>
    targets.map(({ repositoryName }) => repositoryAccess('CreatePullRequest', repositoryName, call)),
  run: ({ title, description, targets }, call) => {
    const [target] = targets;
    if (target === undefined) throw new AwsError('TargetsRequiredException', 'A pull request needs a target');
    const repository = findRepository(call.world, target.repositoryName, call);
    const [sourceBranch, destinationBranch] = [branchOf(target.sourceReference), branchOf(target.destinationReference)];
    headOf(repository, sourceBranch);
    headOf(repository, destinationBranch);
    const id = String(call.world.store.in(pullRequests).keys().length + 1);
    const now = call.world.clock.now();
    const made: PullRequest = {
      id,
      title,
      description,
      sourceBranch,
      destinationBranch,
      repositoryArn: repository.arn,
      repositoryName: repository.name,
      authorArn: principalName(call.caller),
      status: 'OPEN',
      createdAt: now,
      changedAt: now,
    };
    call.world.store.in(pullRequests).put(keyOf(call, id), made);
    announce(call.world, made, repository, call, 'pullRequestCreated');
    return shown(made, repository);
  },
});

/** A pull request, with the commit it was merged as. */
export const getPullRequest = operation({
  input: z.object({ pullRequestId: z.string() }),
  access: ({ pullRequestId }, call) => [
    repositoryAccess('GetPullRequest', find(call, pullRequestId).repositoryName, call),
  ],
  run: ({ pullRequestId }, call) => {
    const request = find(call, pullRequestId);
    return shown(request, findRepository(call.world, request.repositoryName, call));
  },
});

/** Merges a pull request and closes it: `MergePullRequestBy…`. */
export const mergePullRequest = (action: string, option: MergeOption): Operation =>
  operation({
    input: z.object({
      pullRequestId: z.string(),
      repositoryName: z.string(),
      sourceCommitId: z.string().optional(),
      commitMessage: z.string().optional(),
      authorName: z.string().optional(),
      email: z.string().optional(),
    }),
    access: ({ pullRequestId, repositoryName }, call) => [
      repositoryAccess(action, repositoryName, call, [`refs/heads/${find(call, pullRequestId).destinationBranch}`]),
    ],
    run: async ({ pullRequestId, sourceCommitId, commitMessage, authorName, email }, call) => {
      const request = find(call, pullRequestId);
      if (request.status !== 'OPEN')
        throw new AwsError('PullRequestAlreadyClosedException', `Pull request ${pullRequestId} is closed`);
      const repository = findRepository(call.world, request.repositoryName, call);
      const source = headOf(repository, request.sourceBranch);
      if (sourceCommitId !== undefined && sourceCommitId !== source)
        throw new AwsError('TipOfSourceReferenceIsDifferentException', `The tip of the source branch is ${source}`);
      const { commitId } = await mergeInto(call, {
        repository,
        option,
        sourceCommitId: source,
        branch: request.destinationBranch,
        ...(commitMessage === undefined ? {} : { message: commitMessage }),
        ...(authorName === undefined ? {} : { authorName }),
        ...(email === undefined ? {} : { email }),
      });
      const merged: PullRequest = {
        ...request,
        status: 'CLOSED',
        mergeCommitId: commitId,
        mergeOption: option,
        changedAt: call.world.clock.now(),
      };
      call.world.store.in(pullRequests).put(keyOf(call, pullRequestId), merged);
      announce(call.world, merged, repository, call, 'pullRequestMergeStatusUpdated', source);
      return shown(merged, repository);
    },
  });

/** The event's own oddities are AWS's: `isMerged` is text, names of repositories are a list, dates are prose (facts 1.2). */
function announce(
  world: World,
  request: PullRequest,
  repository: Repository,
  call: Call,
  event: string,
  sourceCommit?: string,
): void {
  const { account, region, arn } = repository;
  const detail = {
    event,
    pullRequestId: request.id,
    pullRequestStatus: request.status === 'OPEN' ? 'Open' : 'Closed',
    isMerged: request.mergeCommitId === undefined ? 'False' : 'True',
    ...(request.mergeOption === undefined ? {} : { mergeOption: request.mergeOption }),
    repositoryNames: [repository.name],
    title: request.title,
    description: request.description,
    author: request.authorArn,
    callerUserArn: principalName(call.caller),
    creationDate: new Date(request.createdAt).toUTCString(),
    lastModifiedDate: new Date(request.changedAt).toUTCString(),
    sourceReference: `refs/heads/${request.sourceBranch}`,
    destinationReference: `refs/heads/${request.destinationBranch}`,
    ...(sourceCommit === undefined ? {} : { sourceCommit }),
  };
  emit(world, {
    account,
    region,
    source: 'aws.codecommit',
    detailType: 'CodeCommit Pull Request State Change',
    resources: [arn],
    detail,
    cause: call.cause,
  });
}
