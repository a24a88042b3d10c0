import { busEvent, withSingle } from '../../languages/event-pattern/event-shape.ts';
import { overlap } from '../../languages/event-pattern/overlap.ts';
import { parsePattern } from '../../languages/event-pattern/parse.ts';
import type { Clause, FieldPattern, Pattern } from '../../languages/event-pattern/types.ts';
import { accepted, anyText, exactly, isNone, type Texts } from './texts.ts';

/** What is known of an event on its way. */
export interface Flight {
  readonly source: Texts;
  readonly detailType: Texts;
  readonly account: Texts;
  readonly repository: Texts;
  readonly branch: Texts;
}

/** CodeCommit's word that a branch moved. Source: facts 1.1. */
export const mergeFlight = (account: string): Flight => ({
  source: exactly('aws.codecommit'),
  detailType: exactly('CodeCommit Repository State Change'),
  account: exactly(account),
  repository: anyText,
  branch: anyText,
});

const mergePattern = parsePattern({
  source: ['aws.codecommit'],
  'detail-type': ['CodeCommit Repository State Change'],
  detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'] },
  'replay-name': [{ exists: false }],
});
const mergeShape = withSingle(busEvent, [
  'detail.event',
  'detail.referenceType',
  'detail.repositoryName',
  'detail.referenceName',
]);

/** Whether a rule's pattern takes some merge of CodeCommit. Exact. */
export const takesMerges = (pattern: Pattern): boolean => overlap(pattern, mergePattern, mergeShape).overlaps;

/**
 * Where events say the repository and the branch. What a function makes of an event is its own affair; it is taken to pass on both under
 * one of these names, and a rule that asks for other fields is taken to be met.
 */
const repositoryField = /^detail\.(.*\.)?(repository|repositoryName|repositoryId|repo)$/i;
const branchField = /^detail\.(.*\.)?(branch|branchName|referenceName|ref)$/i;

/** The part of an event that a path speaks of. */
export function partOf(path: string): keyof Flight | undefined {
  if (path === 'source' || path === 'account') return path;
  if (path === 'detail-type') return 'detailType';
  if (repositoryField.test(path)) return 'repository';
  return branchField.test(path) ? 'branch' : undefined;
}

/** What is left of the events of a flight behind a rule's pattern; nothing when none match. One flight for each alternative of the pattern. */
export function through(pattern: Pattern, flight: Flight): readonly Flight[] {
  return pattern.clauses.flatMap((clause) => throughClause(clause, flight) ?? []);
}

function throughClause(clause: Clause, flight: Flight): Flight | undefined {
  const left: Record<keyof Flight, Texts> = { ...flight };
  for (const field of clause) {
    if (field.path === 'replay-name' && !takesAbsence(field)) return undefined;
    const part = partOf(field.path);
    if (part === undefined) continue;
    left[part] = accepted(left[part], field.matchers, field.written);
    if (isNone(left[part])) return undefined;
  }
  return left;
}

const takesAbsence = ({ matchers }: FieldPattern): boolean => matchers.some(({ type }) => type === 'absent');
