import { type Change, type Difference, isNothing } from '../../audit/proof/diff.ts';
import { terminalText } from './terminal.ts';

/** So many changes of a kind are told: a review comment has a largest size. */
const mostChanges = 100;

/** A difference as a review comment in Markdown: what comes from templates stands in code spans, where neither markup nor mentions work. */
export function differenceMarkdown(found: Difference): string {
  if (isNothing(found)) return 'Nothing changes in routes, in who can start what, or in dead letters.';
  return [
    '### What this change does',
    ...section('Routes', found.routes),
    ...section('Who can start what', found.starters),
    ...section('Dead letters', found.deadLetters),
  ].join('\n\n');
}

function section(title: string, changes: readonly Change[]): readonly string[] {
  if (changes.length === 0) return [];
  const more = changes.length > mostChanges ? [`- and ${changes.length - mostChanges} more`] : [];
  return [`#### ${title}: ${changes.length}`, [...changes.slice(0, mostChanges).map(line), ...more].join('\n')];
}

function line({ about, before, after }: Change): string {
  if (before === undefined) return `- **new** ${code(about)}${detail('by', after)}`;
  if (after === undefined) return `- **gone** ${code(about)}${detail('was by', before)}`;
  return `- **changed** ${code(about)}${detail('was', before)}${detail('is', after)}`;
}

const detail = (word: string, text: string | undefined): string =>
  text === undefined || text === '' ? '' : `\n  - ${word} ${code(text)}`;

/** A code span that its text cannot end: its fence is longer than any row of backticks inside. */
export function code(text: string): string {
  const safe = terminalText(text, 600).replaceAll('\n', '\\n');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  const padded = /^[` ]|[` ]$/.test(safe) || safe === '' ? ` ${safe} ` : safe;
  return `${fence}${padded}${fence}`;
}
