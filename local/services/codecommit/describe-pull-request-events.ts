import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { requestAccess } from './change-pull-request.ts';
import { pullRequestKey } from './pull-request.ts';
import { eventTypes, histories, type PastEvent } from './pull-request-history.ts';

const longestPage = 100;

/** What happened to a pull request, the oldest first; of one kind or by one person if so asked. */
export const describePullRequestEvents = operation({
  input: z.object({
    pullRequestId: z.string(),
    pullRequestEventType: z.string().optional(),
    actorArn: z.string().optional(),
    maxResults: z.int().optional(),
    nextToken: z.string().optional(),
  }),
  access: requestAccess('DescribePullRequestEvents'),
  run: ({ pullRequestId, pullRequestEventType: type, actorArn, maxResults = longestPage, nextToken }, call) => {
    checkFilters(type, actorArn, maxResults);
    const all = call.world.store.in(histories).get(pullRequestKey(call, pullRequestId)) ?? [];
    const found = all.filter((row) => (type ?? row.type) === row.type && (actorArn ?? row.actorArn) === row.actorArn);
    const size = Math.min(maxResults, longestPage);
    const { items, next } = pageOf(found, nextToken, size, 'InvalidContinuationTokenException');
    return { pullRequestEvents: items.map((row) => shown(pullRequestId, row)), nextToken: next };
  },
});

function checkFilters(type: string | undefined, actorArn: string | undefined, maxResults: number): void {
  if (type !== undefined && !Object.values<string>(eventTypes).includes(type))
    throw new AwsError('InvalidPullRequestEventTypeException', `'${type.slice(0, 60)}' is no type of event`);
  if (actorArn !== undefined && !actorArn.startsWith('arn:'))
    throw new AwsError('InvalidActorArnException', `'${actorArn.slice(0, 100)}' is no ARN`);
  if (maxResults < 1) throw new AwsError('InvalidMaxResultsException', 'maxResults must be at least 1');
}

const shown = (pullRequestId: string, { type, actorArn, at, metadata }: PastEvent) => ({
  pullRequestId,
  eventDate: new Date(at),
  pullRequestEventType: type,
  actorArn,
  ...metadata,
});
