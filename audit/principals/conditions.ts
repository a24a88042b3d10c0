import type { Condition, Statement } from '../../languages/iam-policy/types.ts';
import { Fault } from '../../shared/fault.ts';
import {
  arnLike,
  exactly,
  findText,
  ignoringCase,
  like,
  meets,
  type TextConstraint,
  type TextPattern,
} from './text-pattern.ts';

/** A condition that has to hold, or has to fail. */
export interface Wanted {
  readonly condition: Condition;
  readonly holds: boolean;
}

/** What is asked of the values of one key. */
interface Asked {
  /** Whether one value has to be so, or all have to. */
  readonly of: 'some' | 'every';
  readonly constraint: TextConstraint;
  /** Whether a request without the key is as wanted. */
  readonly missing: boolean;
}

/** What is known of a key before any policy asks: its only value, that it is missing, or what its value must be like. */
export type Known =
  | { readonly values: readonly string[] }
  | { readonly constraints: readonly TextConstraint[]; readonly missing?: boolean };

const patternsBy: Readonly<Record<string, (value: string) => TextPattern | undefined>> = {
  StringEquals: exactly,
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: ignoringCase,
  BinaryEquals: exactly,
};

/** Refuses by name what is not decided: comparisons of numbers, times and addresses, and policy variables. */
export function checkDecided({ conditions, resources, notResources, variables }: Statement, name: string): void {
  const odd = conditions.find(({ operator }) => operator !== 'Null' && !Object.hasOwn(patternsBy, positive(operator)));
  if (odd) throw new Fault('ClaimUndecided', `${name} asks for ${odd.key} with ${odd.operator}`);
  if (!variables) return;
  const texts = [...conditions.flatMap(({ values }) => values), ...(resources ?? []), ...(notResources ?? [])];
  const variable = texts.find((text) => text.includes('${'));
  if (variable !== undefined) throw new Fault('ClaimUndecided', `${name} asks for the policy variable in ${variable}`);
}

const positive = (operator: string): string => operator.replace('Not', '');

function asked({ condition, holds }: Wanted): Asked {
  const { operator, quantifier, ifExists, values } = condition;
  const negated = operator.includes('Not');
  const patterns = values.flatMap((value) => patternsBy[positive(operator)]?.(value) ?? []);
  const every = quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  const missing = ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  // ForAllValues also takes an empty text.
  const all = quantifier === 'ForAllValues' && !negated ? [...patterns, exactly('')] : patterns;
  return {
    of: every === holds ? 'every' : 'some',
    constraint: { patterns: all, within: negated !== holds },
    missing: missing === holds,
  };
}

/**
 * Values of a key that are as wanted, `missing` for a request without it, or undefined when nothing is. Exact over all texts; several values only
 * where a condition speaks of sets of them.
 */
export function valuesOf(wanted: readonly Wanted[], known: Known): readonly string[] | 'missing' | undefined {
  const nulls = wanted.filter(({ condition }) => condition.operator === 'Null');
  const takesNull = (missing: boolean): boolean =>
    nulls.every(
      ({ condition, holds }) => condition.values.some((value) => value.toLowerCase() === String(missing)) === holds,
    );
  const asks = wanted.filter(({ condition }) => condition.operator !== 'Null').map(asked);
  const mayLack = 'values' in known ? known.values.length === 0 : known.missing !== false;
  if (mayLack && takesNull(true) && asks.every(({ missing }) => missing)) return 'missing';
  if (!takesNull(false)) return undefined;
  if ('values' in known) return known.values.length > 0 && isMet(known.values, asks) ? known.values : undefined;
  const sets = wanted.some(({ condition }) => condition.quantifier !== undefined && !isSingle(condition.key));
  return sets ? several(asks, known.constraints) : single(asks, known.constraints);
}

/** Global keys of which a request has several values. Source: the IAM page on global condition keys, "multivalued". */
const severalOf: ReadonlySet<string> = new Set([
  ...['aws:calledvia', 'aws:principalorgpaths', 'aws:principalservicenameslist', 'aws:resourceorgpaths'],
  ...['aws:sourceorgpaths', 'aws:tagkeys'],
]);

const isSingle = (key: string): boolean =>
  /^(aws|events|sts):/i.test(key) && !severalOf.has(key.toLowerCase()) && !/tagkeys$/i.test(key);

function isMet(values: readonly string[], asks: readonly Asked[]): boolean {
  return asks.every(({ of, constraint }) =>
    of === 'every'
      ? values.every((value) => meets(value, [constraint]))
      : values.some((value) => meets(value, [constraint])),
  );
}

function single(asks: readonly Asked[], constraints: readonly TextConstraint[]): readonly string[] | undefined {
  const text = findText([...asks.map(({ constraint }) => constraint), ...constraints]);
  return text === undefined ? undefined : [text];
}

function several(asks: readonly Asked[], constraints: readonly TextConstraint[]): readonly string[] | undefined {
  const every = [...asks.flatMap(({ of, constraint }) => (of === 'every' ? [constraint] : [])), ...constraints];
  const some = asks.flatMap(({ of, constraint }) => (of === 'some' ? [constraint] : []));
  const found = (some.length === 0 ? [[]] : some.map((each) => [each])).map((each) => findText([...each, ...every]));
  return found.every((text) => text !== undefined) ? [...new Set(found)] : undefined;
}
