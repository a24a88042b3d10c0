import { Logger } from '@aws-lambda-powertools/logger';
import { CodeCommitClient, GetCommitCommand } from '@aws-sdk/client-codecommit';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { BranchMerged } from '../../events/branch-merged.ts';
import { announcementOf, branchMergedDetailType, branchMergedSource } from '../../events/branch-merged.ts';
import type { Merge } from '../../events/merge.ts';
import { parseMerge } from '../../events/merge.ts';
import { devopsBusName } from '../../shared/names.ts';

/** What the announcer talks to. */
export interface Clients {
  readonly codecommit: CodeCommitClient;
  readonly events: EventBridgeClient;
  readonly logger: Logger;
}

/** Where the announcer announces. */
export interface Settings {
  /** The DevOps account's own bus. */
  readonly busName: string;
}

/**
 * Announce: states a merge as our own event on the DevOps account's bus. Whatever fails is thrown, so that Lambda tries
 * again and then keeps the event at the function's on-failure destination. A second try announces the same merge id.
 */
export const createHandler = (clients: Clients, settings: Settings) => async (event: unknown) => {
  const merge = parseMerge(event);
  const announcement = announcementOf(merge, await parentsOf(merge, clients));
  const eventId = await publish(announcement, clients, settings);
  const { mergeId, repository, branch, commitId, kind } = announcement;
  clients.logger.info('announced', { mergeId, repository, branch, commitId, kind, eventId });
  return { mergeId, eventId };
};

async function parentsOf({ repository, commitId }: Merge, { codecommit }: Clients): Promise<readonly string[]> {
  const question = new GetCommitCommand({ repositoryName: repository, commitId });
  const { commit } = await codecommit.send(question).catch((error: unknown) => {
    throw new Error(`cannot read commit ${commitId} of ${repository}: ${String(error)}`, { cause: error });
  });
  return commit?.parents ?? [];
}

async function publish(announcement: BranchMerged, { events }: Clients, { busName }: Settings): Promise<string> {
  const { Entries, FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: branchMergedSource,
          DetailType: branchMergedDetailType,
          Detail: JSON.stringify(announcement),
        },
      ],
    }),
  );
  // A 200 answer may hold a refusal, which the SDK does not try again (facts 2.3).
  const entry = Entries?.[0];
  if (FailedEntryCount !== 0 || entry?.EventId === undefined) {
    const why = `${entry?.ErrorCode ?? 'no reason given'} ${entry?.ErrorMessage ?? ''}`.trim();
    throw new Error(`bus ${busName} refused the announcement of merge ${announcement.mergeId}: ${why}`);
  }
  return entry.EventId;
}

/** The function that the stack names. */
export const handler = createHandler(
  { codecommit: new CodeCommitClient({}), events: new EventBridgeClient({}), logger: new Logger() },
  { busName: devopsBusName },
);
