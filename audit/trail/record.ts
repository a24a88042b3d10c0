import { type BranchMerged, branchMergedDetailType, parseBranchMerged } from '../../events/branch-merged.ts';
import { type PipelineState, parsePipelineState, pipelineStateSource } from '../../events/pipeline-state.ts';
import { parseStartDecided, type StartDecided, startDecidedDetailType } from '../../events/start-decided.ts';
import { Fault } from '../../shared/fault.ts';

/** A line of the trail's log group. */
export interface TrailLine {
  /** The event as EventBridge wrote it, JSON. */
  readonly message: string;
  /** When it reached the log group, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** What EventBridge vouches for, beside what the record says. */
interface Vouched {
  readonly eventId: string;
  /** Who published it: believe this before anything in the record. */
  readonly account: string;
  /** ISO 8601 in UTC, to the second: when it was published. */
  readonly occurredAt: string;
  /** Milliseconds since 1970: when the trail got it. */
  readonly recordedAt: number;
}

/** One fact of the trail. */
export type TrailRecord = Vouched &
  (
    | { readonly fact: 'announced'; readonly merge: BranchMerged }
    | { readonly fact: 'decided'; readonly decision: StartDecided }
    | { readonly fact: 'changed'; readonly change: PipelineState }
  );

/** A line that is no record of ours, with the reason. */
export interface UnreadableLine extends TrailLine {
  readonly reason: string;
}

/** Reads lines into records, oldest first, each event once however often it was delivered; what cannot be read is told apart. */
export function readLines(lines: Iterable<TrailLine>): {
  readonly records: readonly TrailRecord[];
  readonly unreadable: readonly UnreadableLine[];
} {
  const records = new Map<string, TrailRecord>();
  const unreadable: UnreadableLine[] = [];
  for (const line of lines) {
    try {
      const record = readLine(line);
      if (!records.has(record.eventId)) records.set(record.eventId, record);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unreadable.push({ ...line, reason: error.message });
    }
  }
  return { records: [...records.values()].sort((a, b) => a.recordedAt - b.recordedAt), unreadable };
}

/** Reads one line. Throws EventMalformed for anything but our own messages and CodePipeline's state changes. */
function readLine({ message, timestamp }: TrailLine): TrailRecord {
  const event = parseJson(message);
  const vouched = (received: { id: string; account: string; at: string }): Vouched => ({
    eventId: received.id,
    account: received.account,
    occurredAt: received.at,
    recordedAt: timestamp,
  });
  const { 'detail-type': detailType, source } = event;
  if (detailType === branchMergedDetailType) {
    const received = parseBranchMerged(event);
    return { ...vouched(received), fact: 'announced', merge: received.detail };
  }
  if (detailType === startDecidedDetailType) {
    const received = parseStartDecided(event);
    return { ...vouched(received), fact: 'decided', decision: received.detail };
  }
  if (source === pipelineStateSource) {
    const change = parsePipelineState(event);
    return { ...vouched({ ...change, id: change.eventId }), fact: 'changed', change };
  }
  throw new Fault('EventMalformed', `detail-type '${String(detailType).slice(0, 100)}' is none of the trail's`);
}

function parseJson(message: string): Readonly<Record<string, unknown>> {
  try {
    const event: unknown = JSON.parse(message);
    if (typeof event === 'object' && event !== null) return event as Record<string, unknown>;
  } catch {
    // Told below, with what is not an object.
  }
  throw new Fault('EventMalformed', 'the line is not a JSON object');
}
