import { z } from 'zod';
import { branchMergedDetailType, parseBranchMerged } from './branch-merged.ts';
import { accountId, moment, uuid } from './fields.ts';
import { parsePipelineState, pipelineStateSource } from './pipeline-state.ts';
import { parseStartDecided, startDecidedDetailType } from './start-decided.ts';

/** What a record can tell. `decided` covers every outcome but those that have a word of their own; `unreadable` is a line that is none of ours. */
const trailFacts = ['announced', 'decided', 'started', 'overridden', 'held', 'state-changed', 'unreadable'] as const;

/** One record of the sealed trail, version 1. */
export const trailRecordSchema = z.strictObject({
  version: z.literal('1'),
  id: uuid.nullable().describe('the id that EventBridge gave the event; null for an unreadable line'),
  fact: z.enum(trailFacts),
  cause: z
    .string()
    .nullable()
    .describe(
      'announced: the id of the CodeCommit event; decided, started, overridden, held: the merge id, null for the sweep; state-changed: the execution id',
    ),
  occurredAt: moment.nullable().describe('when it was published'),
  recordedAt: moment.describe('when the log group took it in'),
  account: accountId.nullable().describe('who published it, as EventBridge vouches'),
  principal: z
    .string()
    .nullable()
    .describe('announced: who merged; state-changed: who started the execution, where AWS says it'),
  logEventId: z.string().min(1).describe('the id that CloudWatch Logs gave the line: unique in the log group'),
  loggedAt: z.number().int().describe("the line's own timestamp, in milliseconds since 1970"),
  event: z.string().describe('the line as EventBridge wrote it, byte for byte'),
});

/** One record of the sealed trail: a fact, with the event that told it as it came. */
export type SealedRecord = Readonly<z.infer<typeof trailRecordSchema>>;

/** A line of the trail's log group, as CloudWatch Logs answers it. Times in milliseconds since 1970. */
export interface LoggedLine {
  readonly eventId: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

type Told = Pick<SealedRecord, 'id' | 'fact' | 'cause' | 'occurredAt' | 'account' | 'principal'>;

/** The record of a logged line. The same line gives the same record, whenever it is sealed. */
export function recordOf({ eventId, timestamp, ingestionTime, message }: LoggedLine): SealedRecord {
  const { id, fact, cause, occurredAt, account, principal } = toldBy(message);
  const recordedAt = new Date(ingestionTime).toISOString();
  const from = { logEventId: eventId, loggedAt: timestamp, event: message };
  return { version: '1', id, fact, cause, occurredAt, recordedAt, account, principal, ...from };
}

const nothing: Told = { id: null, fact: 'unreadable', cause: null, occurredAt: null, account: null, principal: null };

function toldBy(message: string): Told {
  try {
    return read(JSON.parse(message));
  } catch {
    // What cannot be read is sealed too: somebody wrote it, and auditors want to see it.
    return nothing;
  }
}

function read(event: unknown): Told {
  const { source, 'detail-type': detailType } = event as Readonly<Record<string, unknown>>;
  if (detailType === branchMergedDetailType) {
    const { id, account, at, detail } = parseBranchMerged(event);
    const principal = detail.mergedBy ?? null;
    return { id, fact: 'announced', cause: detail.sourceEvent.id, occurredAt: at, account, principal };
  }
  if (detailType === startDecidedDetailType) {
    const { id, account, at, detail } = parseStartDecided(event);
    const fact = detail.override !== null ? 'overridden' : (factOfOutcome[detail.outcome] ?? 'decided');
    return { id, fact, cause: detail.announced?.mergeId ?? null, occurredAt: at, account, principal: null };
  }
  if (source !== pipelineStateSource) return nothing;
  const { eventId, account, at, executionId, trigger } = parsePipelineState(event);
  const principal = trigger?.detail ?? null;
  return { id: eventId, fact: 'state-changed', cause: executionId, occurredAt: at, account, principal };
}

const factOfOutcome: Readonly<Record<string, 'started' | 'held'>> = {
  started: 'started',
  unannounced: 'started',
  retried: 'started',
  held: 'held',
};
