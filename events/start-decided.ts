import { z } from 'zod';
import { branchName, commitId, moment, pipelineName, repositoryName, uuid } from './fields.ts';
import type { Received } from './reading.ts';
import { envelope, readReceived } from './reading.ts';

/** Who reports: an environment's starter. Which environment, the envelope's `account` says. */
export const startDecidedSource = 'mergecast.workload';

/** The report's name on the DevOps bus. */
export const startDecidedDetailType = 'Start Decided';

/** Every end that a look at a pipeline can have, with what it means. The trail says it in these words. */
export const startOutcomes = {
  started: 'an event led to an execution of the head of the branch',
  unannounced: 'the sweep started the head of the branch, which no event had announced in time',
  'already-started': 'the head of the branch is what the pipeline last started',
  'superseded-by': 'the branch has moved on from the announced commit, and its head is started already',
  'not-concerned': 'no changed path concerns this pipeline',
  held: 'a hold, a freeze or missing evidence keeps the merge; it starts when that is over',
  busy: 'another starter holds the lease; it looks at the branch once more when it is done',
  waiting: 'the run that AWS starts when a pipeline is created is not visible yet',
  'lost-the-race': 'another starter decided first',
  retried: 'the source action had failed, and was started again',
  undelivered: 'the source action failed too often; somebody must look',
  'no-branch': 'the branch does not exist',
  unreadable: 'the repository cannot be read, so nothing can be decided',
  failed: 'a step failed; what was begun is settled by a later look',
} as const satisfies Readonly<Record<string, string>>;

/** One of {@link startOutcomes}. */
export type StartOutcome = keyof typeof startOutcomes;

const detail = z.object({
  version: z.literal('1'),
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is not the name of an environment'),
  pipeline: pipelineName,
  repository: repositoryName,
  branch: branchName,
  cause: z.enum(['event', 'sweep']),
  outcome: z.enum(Object.keys(startOutcomes) as [StartOutcome, ...StartOutcome[]]),
  reason: z.string().min(1).max(1000),
  commitId: commitId.nullable(),
  previousCommitId: commitId.nullable(),
  generation: z.number().int().nonnegative().nullable(),
  executionId: z.string().max(100).nullable(),
  until: moment.nullable(),
  // Reports from before there was such a thing do not have it.
  override: z
    .object({
      reason: z.string().min(1).max(300),
      requestedBy: z.string().min(1).max(128),
      confirmedBy: z.string().min(1).max(128),
    })
    .nullable()
    .default(null),
  announced: z.object({ mergeId: uuid, commitId, traceparent: z.string().max(55) }).nullable(),
  decidedAt: moment,
});

/**
 * A starter's report, version 1. `commitId` is the head of the branch at the decision, `previousCommitId` what the ledger
 * named before (null for none); `generation` and `executionId` name the start the decision rests on; `until` ends a hold, a
 * wait or a lease; `override` names the two people who let the commit through what held it; `announced` is the merge whose event caused the look, null for the sweep. Traces join on pipeline,
 * generation and commit.
 */
export type StartDecided = Readonly<z.infer<typeof detail>>;

const schema = envelope(startDecidedSource, startDecidedDetailType, detail);

/** Reads a report from the DevOps bus; throws EventMalformed rather than guess. */
export function parseStartDecided(event: unknown): Received<StartDecided> {
  return readReceived(schema, event);
}
