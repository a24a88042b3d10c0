import type { TrailRecord } from '../../audit/trail/record.ts';
import { bold, dim, terminalText } from './terminal.ts';

/** A record of the trail as one line: time, account, what it is about. */
export function recordText(record: TrailRecord): string {
  const time = new Date(record.recordedAt).toISOString();
  return `${dim(time)}  ${record.account}  ${bold(record.fact.padEnd(9))}  ${terminalText(factText(record), 400)}`;
}

function factText(record: TrailRecord): string {
  switch (record.fact) {
    case 'announced': {
      const { repository, branch, commitId, kind, mergedBy } = record.merge;
      return `${repository} ${branch} is ${commitId.slice(0, 8)}: ${kind} by ${mergedBy ?? 'somebody unnamed'}`;
    }
    case 'decided':
      return `${record.decision.pipeline}: ${record.decision.outcome}: ${record.decision.reason}`;
    case 'changed': {
      const { pipeline, stage, action, state, summary } = record.change;
      const place = [pipeline, stage, action].filter((part) => part !== null).join(' ');
      return `${place} ${state.toLowerCase()}${summary === null ? '' : `: ${summary}`}`;
    }
  }
}
