import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { tipsOf } from './merge-result.ts';
import {
  destinationOf,
  findPullRequest,
  type PullRequest,
  pullRequestKey,
  pullRequests,
  shownPullRequest,
} from './pull-request.ts';
import { branchOf, branchRef, isRefName, readRef } from './refs.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { tellPullRequest } from './tell-pull-request.ts';

const target = z.object({
  repositoryName: z.string(),
  sourceReference: z.string(),
  destinationReference: z.string().optional(),
});

/** Opens a pull request; one target, as CodeCommit allows. The same request token answers the same pull request. */
export const createPullRequest = operation({
  input: z.object({
    title: z.string().min(1).max(150),
    description: z.string().max(10_240).default(''),
    targets: z.array(target),
    clientRequestToken: z.string().max(64).optional(),
  }),
  access: ({ targets }, call) => [repositoryAccess('CreatePullRequest', only(targets).repositoryName, call)],
  run: async ({ title, description, targets, clientRequestToken }, call) => {
    const wanted = only(targets);
    const repository = findRepository(call.world, wanted.repositoryName, call);
    const known = byToken(call, repository, clientRequestToken);
    if (known !== undefined) return shownPullRequest(known, repository);
    const made: PullRequest = {
      ...(await branchesOf(call, repository, wanted)),
      id: String(call.world.store.in(pullRequests).keys().length + 1),
      title,
      description,
      repositoryArn: repository.arn,
      repositoryName: repository.name,
      authorArn: principalName(call.caller),
      revisionId: call.world.chance.hex(64),
      status: 'OPEN',
      createdAt: call.world.clock.now(),
      changedAt: call.world.clock.now(),
      ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
    };
    put(call, made);
    tellPullRequest(call.world, { event: 'pullRequestCreated', request: made, repository, ...call });
    return shownPullRequest(made, repository);
  },
});

function only(targets: readonly z.output<typeof target>[]): z.output<typeof target> {
  const [first, ...others] = targets;
  if (first === undefined) throw new AwsError('TargetsRequiredException', 'A pull request needs a target');
  if (others.length > 0) throw new AwsError('InvalidTargetsException', 'A pull request has exactly one target');
  return first;
}

const put = (call: Call, request: PullRequest) =>
  call.world.store.in(pullRequests).put(pullRequestKey(call, request.id), request);

const byToken = ({ world }: Call, { arn }: Repository, token: string | undefined): PullRequest | undefined =>
  token === undefined
    ? undefined
    : world.store.in(pullRequests).where((row) => row.repositoryArn === arn && row.clientRequestToken === token)[0];

async function branchesOf(
  { world }: Call,
  repository: Repository,
  { sourceReference, destinationReference }: z.output<typeof target>,
) {
  const sourceBranch = branchOf(sourceReference);
  const destinationBranch = branchOf(destinationReference ?? repository.defaultBranch ?? '');
  if (sourceBranch === destinationBranch)
    throw new AwsError('SourceAndDestinationAreSameException', 'The source and the destination are the same branch');
  const sourceCommit = tipOf(repository, sourceBranch);
  const destinationCommit = tipOf(repository, destinationBranch);
  const { base } = await tipsOf(world, repository, sourceCommit, destinationCommit);
  return { sourceBranch, destinationBranch, sourceCommit, destinationCommit, mergeBase: base };
}

function tipOf(repository: Repository, branch: string): string {
  if (!isRefName(branch))
    throw new AwsError('InvalidReferenceNameException', `'${branch.slice(0, 100)}' is not a valid reference name`);
  const tip = readRef(repository, branchRef(branch));
  if (tip === undefined) throw new AwsError('ReferenceDoesNotExistException', `${branchRef(branch)} does not exist`);
  return tip;
}

/** A pull request, with the commit it was merged as. */
export const getPullRequest = operation({
  input: z.object({ pullRequestId: z.string() }),
  access: ({ pullRequestId }, call) => [accessTo('GetPullRequest', pullRequestId, call)],
  run: ({ pullRequestId }, call) => {
    const request = findPullRequest(call.world, pullRequestId, call);
    return shownPullRequest(request, findRepository(call.world, request.repositoryName, call));
  },
});

const accessTo = (action: string, pullRequestId: string, call: Omit<Call, 'cause'>) =>
  repositoryAccess(action, findPullRequest(call.world, pullRequestId, call).repositoryName, call);

const longestPage = 100;

/** The numbers of a repository's pull requests, the newest first. */
export const listPullRequests = operation({
  input: z.object({
    repositoryName: z.string(),
    authorArn: z.string().optional(),
    pullRequestStatus: z.string().optional(),
    maxResults: z.int().optional(),
    nextToken: z.string().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('ListPullRequests', repositoryName, call)],
  run: (input, call) => {
    const { arn } = findRepository(call.world, input.repositoryName, call);
    const size = input.maxResults ?? longestPage;
    if (size < 1) throw new AwsError('InvalidMaxResultsException', 'maxResults must be at least 1');
    const status = input.pullRequestStatus === undefined ? undefined : checkStatus(input.pullRequestStatus);
    const ids = call.world.store
      .in(pullRequests)
      .where((row) => row.repositoryArn === arn && (status ?? row.status) === row.status)
      .filter((row) => (input.authorArn ?? row.authorArn) === row.authorArn)
      .map(({ id }) => id)
      .reverse();
    const page = pageOf(ids, input.nextToken, Math.min(size, longestPage), 'InvalidContinuationTokenException');
    return { pullRequestIds: page.items, nextToken: page.next };
  },
});

function checkStatus(word: string): PullRequest['status'] {
  if (word === 'OPEN' || word === 'CLOSED') return word;
  throw new AwsError('InvalidPullRequestStatusException', `'${word.slice(0, 40)}' is no status: use OPEN or CLOSED`);
}

/** Closes a pull request without merging it; a closed one stays closed. */
export const updatePullRequestStatus = operation({
  input: z.object({ pullRequestId: z.string(), pullRequestStatus: z.string() }),
  access: ({ pullRequestId }, call) => [accessTo('UpdatePullRequestStatus', pullRequestId, call)],
  run: ({ pullRequestId, pullRequestStatus }, call) => {
    const request = findPullRequest(call.world, pullRequestId, call);
    const repository = findRepository(call.world, request.repositoryName, call);
    if (checkStatus(pullRequestStatus) === 'OPEN')
      throw new AwsError(
        'InvalidPullRequestStatusUpdateException',
        'The status can only be changed from OPEN to CLOSED',
      );
    if (request.status === 'CLOSED') return shownPullRequest(request, repository);
    const destinationCommit = destinationOf(request, repository);
    const closed: PullRequest = { ...request, status: 'CLOSED', destinationCommit, changedAt: call.world.clock.now() };
    put(call, closed);
    tellPullRequest(call.world, { event: 'pullRequestStatusChanged', request: closed, repository, ...call });
    return shownPullRequest(closed, repository);
  },
});
