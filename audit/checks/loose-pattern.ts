import type { Clause, Matcher } from '../../languages/event-pattern/types.ts';
import { textIn } from '../cloud/values.ts';
import { partOf } from '../routes/flight.ts';
import { type ReadRule, Rules } from '../routes/rules.ts';
import type { Check } from './check.ts';

/** What decides who is heard, on every rule that sets something to work. */
const always = ['source', 'account'] as const;
/** What decides which merge is meant, on every rule that a merge travels by. */
const onRoutes = ['repository', 'branch'] as const;

/** Account, source, repository and branch of a rule's pattern are asked for, and by their whole text. Rules that only write logs need no account. */
export const loosePattern: Check = ({ cloud, routes }) => {
  const travelled = new Set(routes.flatMap(({ hops }) => hops.map(({ arn }) => arn)));
  return new Rules(cloud).all.flatMap((rule) => {
    const { resource, pattern } = rule;
    const wanted = [
      ...(writesLogs(rule) ? (['source'] as const) : always),
      ...(travelled.has(resource.arn) ? onRoutes : []),
    ];
    const missing = wanted.filter(
      (part) => !pattern.clauses.every((clause) => clause.some(({ path }) => partOf(path) === part)),
    );
    return [
      ...missing.map((part) => ({
        resource,
        problem: `the pattern takes events of any ${part}`,
        value: resource.properties['EventPattern'],
        mend: `name the ${part} in the pattern`,
      })),
      ...looseFields(pattern.clauses).map(({ path, written }) => ({
        resource,
        problem: `the pattern does not name the whole ${partOf(path)}`,
        value: { [path]: JSON.parse(written) as unknown },
        mend: 'list the whole texts',
      })),
    ];
  });
};

const writesLogs = ({ targets }: ReadRule): boolean =>
  targets.every(({ Arn }) => textIn(Arn)?.split(':')[2] === 'logs');

function looseFields(clauses: readonly Clause[]): Clause {
  const fields = clauses.flat().filter(({ path, matchers }) => {
    const part = partOf(path);
    return part !== undefined && part !== 'detailType' && !matchers.every(isWholeText);
  });
  return [...new Map(fields.map((field) => [`${field.path} ${field.written}`, field])).values()];
}

const isWholeText = ({ type }: Matcher): boolean => type === 'text' || type === 'address';
