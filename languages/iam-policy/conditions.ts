import { operators } from './operators.ts';
import type { Condition, Request } from './types.ts';
import { expand } from './variables.ts';

/** True when all conditions of a statement hold; the first that does not is answered as a reason. */
export function failedCondition(conditions: readonly Condition[], request: Request): Condition | undefined {
  return conditions.find((condition) => !holds(condition, request));
}

/**
 * One condition against the request. A missing key fails a plain operator, passes a negated one, passes IfExists, passes
 * ForAllValues and fails ForAnyValue. Source: the IAM pages on missing keys and on multivalued context keys.
 */
function holds(condition: Condition, request: Request): boolean {
  const given = contextValues(request, condition.key);
  if (condition.operator === 'Null')
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
  const operator = operators[condition.operator];
  if (operator === undefined) return false;
  if (given === undefined) {
    if (condition.ifExists || condition.quantifier === 'ForAllValues') return true;
    return condition.quantifier === undefined && operator.negated;
  }
  const wanted = condition.values.map((value) => expand(value, request)).filter((value) => value !== undefined);
  const meets = (value: string): boolean => wanted.some((want) => operator.compare(value, want)) !== operator.negated;
  return condition.quantifier === 'ForAllValues'
    ? given.every(meets)
    : condition.quantifier === 'ForAnyValue'
      ? given.some(meets)
      : operator.negated
        ? given.every(meets)
        : given.some(meets);
}

/** Condition keys are compared without regard to case; a tag key behind `/` keeps its case on AWS but is looked up the same way here. */
export function contextValues(request: Request, key: string): readonly string[] | undefined {
  const exact = request.context[key];
  const value =
    exact ?? Object.entries(request.context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? [value] : value;
}
