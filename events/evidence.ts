import { parsePipelineState } from './pipeline-state.ts';
import { parseStartDecided } from './start-decided.ts';

/** A pipeline of another environment that has to finish a commit first. */
export interface Required {
  readonly environment: string;
  /** Whose records count: the account that EventBridge vouches for. */
  readonly account: string;
  readonly pipeline: string;
}

/** A commit that a pipeline finished. */
export interface Finished {
  readonly commitId: string;
  readonly executionId: string;
}

/** The filter pattern for the records of the trail that can be evidence: starts of the pipeline and executions of it that went well. */
export const evidencePattern = ({ account, pipeline }: Required): string =>
  `{ $.account = "${account}" && $.detail.pipeline = "${pipeline}" && ($.detail.outcome = "started" || $.detail.outcome = "unannounced" || $.detail.state = "SUCCEEDED") }`;

/**
 * The commits that a pipeline finished, by lines of the trail in any order. Each execution counts for the commit that the environment's own
 * starter says it pinned: a retried one for its own, and one that somebody began by hand or that rolled back for none.
 */
export function finishedIn(lines: readonly string[], required: Required): readonly Finished[] {
  const begun = new Map<string, string>();
  const succeeded = new Set<string>();
  for (const line of lines) {
    const start = startIn(line, required);
    if (start !== null) begun.set(start.executionId, start.commitId);
    const execution = successIn(line, required);
    if (execution !== null) succeeded.add(execution);
  }
  return [...begun]
    .filter(([executionId]) => succeeded.has(executionId))
    .map(([executionId, commitId]) => ({ executionId, commitId }));
}

function startIn(line: string, { account, environment, pipeline }: Required): Finished | null {
  const read = orNull(() => parseStartDecided(JSON.parse(line)));
  if (read === null || read.account !== account) return null;
  const { detail } = read;
  if (detail.pipeline !== pipeline || detail.environment !== environment) return null;
  if (detail.outcome !== 'started' && detail.outcome !== 'unannounced') return null;
  const { commitId, executionId } = detail;
  return commitId === null || executionId === null ? null : { commitId, executionId };
}

function successIn(line: string, { account, pipeline }: Required): string | null {
  const read = orNull(() => parsePipelineState(JSON.parse(line)));
  if (read === null || read.account !== account || read.pipeline !== pipeline) return null;
  return read.stage === null && read.action === null && read.state === 'SUCCEEDED' ? read.executionId : null;
}

/** A line that is none of ours is no evidence. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
