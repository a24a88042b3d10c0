import type { ContextKeys } from './context.ts';
import { type Operator, operators } from './operators.ts';
import type { Condition, Statement } from './types.ts';
import { expandGlob, expandText } from './variables.ts';
import { globOf } from './wildcard.ts';

/** The first condition of a statement that does not hold; undefined when all do. */
export function failedCondition(
  { conditions, variables }: Pick<Statement, 'conditions' | 'variables'>,
  keys: ContextKeys,
): Condition | undefined {
  return conditions.find((condition) => !holds(condition, variables, keys));
}

/**
 * One condition against the request. A missing key fails a plain operator and passes a negated one; it passes under IfExists and ForAllValues
 * and fails under ForAnyValue. A wanted value whose variable has no value equals nothing. Of a key with several values and no set operator,
 * which AWS asks never to write, any value counts, and with a negated operator all.
 * Source: the IAM pages on condition operators, on multivalued context keys, and on policy variables with no value.
 */
function holds(condition: Condition, variables: boolean, keys: ContextKeys): boolean {
  const given = keys.get(condition.key);
  if (condition.operator === 'Null') {
    return condition.values.some((value) => value.toLowerCase() === String(given === undefined));
  }
  const operator = operators[condition.operator];
  if (operator === undefined) return false;
  if (given === undefined) return holdsWithoutKey(condition, operator);
  const wanted = wantedValues(condition, operator, variables, keys);
  const meets = (value: string): boolean => wanted.some((want) => operator.compare(value, want)) !== operator.negated;
  switch (condition.quantifier) {
    case 'ForAllValues':
      // AWS: also true when the key "resolves to a null dataset, such as an empty string".
      return given.every((value) => value === '') || given.every(meets);
    case 'ForAnyValue':
      return given.some(meets);
    case undefined:
      return operator.negated ? given.every(meets) : given.some(meets);
  }
}

function holdsWithoutKey({ ifExists, quantifier }: Condition, { negated }: Operator): boolean {
  return ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && negated);
}

function wantedValues(
  { values }: Condition,
  { wanted }: Operator,
  variables: boolean,
  keys: ContextKeys,
): readonly string[] {
  if (wanted === 'plain') return values;
  if (!variables) return wanted === 'glob' ? values.map(globOf) : values;
  const expand = wanted === 'glob' ? expandGlob : expandText;
  return values.map((value) => expand(value, keys)).filter((value) => value !== undefined);
}
