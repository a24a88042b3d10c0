import type { Condition, Statement } from '../../languages/iam-policy/types.ts';

/** Operators that ask a key for equality, so that it has to be there. */
const asking = /^(StringEquals(IgnoreCase)?|StringLike|ArnEquals|ArnLike)$/;

/** The values that a statement asks of a key: undefined when it does not, or in a way that a missing key passes. */
export function askedOf({ conditions }: Pick<Statement, 'conditions'>, key: string): readonly string[] | undefined {
  const found = conditions.find((condition) => condition.key.toLowerCase() === key && demands(condition));
  return found?.values;
}

const demands = ({ operator, quantifier, ifExists }: Condition): boolean =>
  asking.test(operator) && !ifExists && quantifier !== 'ForAllValues';

/** Whether there are values and none of them holds a wildcard. */
export const isExact = (values: readonly string[] | undefined): values is readonly string[] =>
  values !== undefined && values.length > 0 && values.every((value) => !/[*?]/.test(value));

/** Whether all values are ARNs in a spelled-out account. */
export const namesAccount = (values: readonly string[] | undefined): boolean =>
  values !== undefined && values.length > 0 && values.every((value) => /^\d{12}$/.test(value.split(':')[4] ?? ''));

/** Whether a principal is an account as a whole: everybody whom that account lets. */
export const isWholeAccount = (principal: string): boolean => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(principal);

/** Whether all values are roles or users of an account by name, or below one path of theirs. */
export const namesRoles = (values: readonly string[] | undefined): boolean =>
  values !== undefined &&
  namesAccount(values) &&
  values.every((value) => !/:(role|user|assumed-role)\/[*?]|:[*?]/.test(value));
