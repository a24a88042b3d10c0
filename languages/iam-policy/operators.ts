import { addressDigits, blockDigits } from '../address.ts';
import { arnMatches, type Glob, globMatches } from './wildcard.ts';

/** A condition operator; a negated one holds when no wanted value compares. */
export interface Operator {
  /** Compares one value of the request with one value of the policy. */
  readonly compare: (given: string, wanted: string) => boolean;
  readonly negated: boolean;
  /** What a wanted value may hold: wildcards and variables (`glob`), variables, or neither. */
  readonly wanted: 'glob' | 'variables' | 'plain';
}

type Compare = Operator['compare'];

/** An operator and its negation. */
const pair = (name: string, negation: string, compare: Compare, wanted: Operator['wanted']) => ({
  [name]: { compare, negated: false, wanted },
  [negation]: { compare, negated: true, wanted },
});

const equal: Compare = (given, wanted) => given === wanted;
const equalIgnoringCase: Compare = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();
const like: Compare = (given, wanted: Glob) => globMatches(wanted, given);
const arnLike: Compare = (given, wanted: Glob) => arnMatches(wanted, given);

/** The six comparisons of what texts stand for; a text that stands for nothing (NaN) compares with nothing. */
const ordered = (name: 'Numeric' | 'Date', read: (text: string) => number): Readonly<Record<string, Operator>> => {
  const by =
    (holds: (given: number, wanted: number) => boolean): Compare =>
    (given, wanted) =>
      holds(read(given), read(wanted));
  const one = (compare: Compare): Operator => ({ compare, negated: false, wanted: 'plain' });
  return {
    ...pair(
      `${name}Equals`,
      `${name}NotEquals`,
      by((a, b) => a === b),
      'plain',
    ),
    [`${name}LessThan`]: one(by((a, b) => a < b)),
    [`${name}LessThanEquals`]: one(by((a, b) => a <= b)),
    [`${name}GreaterThan`]: one(by((a, b) => a > b)),
    [`${name}GreaterThanEquals`]: one(by((a, b) => a >= b)),
  };
};

const number = (text: string): number => (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN);

/** A W3C form of ISO 8601 (a date, or a time with its zone), or seconds since 1970 (four digits are a year); in milliseconds. */
function instant(text: string): number {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1000;
  return /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

/** An address without a mask stands for itself. */
const inNetwork: Compare = (given, wanted) => {
  const [address = '', mask, more] = wanted.split('/');
  const [digits, base] = [addressDigits(given), addressDigits(address)];
  if (digits === undefined || base === undefined || digits.length !== base.length || more !== undefined) return false;
  const bits = mask === undefined ? base.length * 4 : /^\d{1,3}$/.test(mask) ? Number(mask) : Number.NaN;
  if (!(bits <= base.length * 4)) return false;
  const { bottom, top } = blockDigits(base, bits);
  return digits >= bottom && digits <= top;
};

/**
 * Every condition operator but `Null`, which asks for the key and not for its value. AWS's pages disagree on variables under `Bool`; they are
 * put in. Source: the IAM page on condition operators.
 */
export const operators: Readonly<Record<string, Operator>> = {
  ...pair('StringEquals', 'StringNotEquals', equal, 'variables'),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalIgnoringCase, 'variables'),
  ...pair('StringLike', 'StringNotLike', like, 'glob'),
  ...ordered('Numeric', number),
  ...ordered('Date', instant),
  Bool: { compare: equalIgnoringCase, negated: false, wanted: 'variables' },
  BinaryEquals: { compare: equal, negated: false, wanted: 'plain' },
  ...pair('IpAddress', 'NotIpAddress', inNetwork, 'plain'),
  ...pair('ArnEquals', 'ArnNotEquals', arnLike, 'glob'),
  ...pair('ArnLike', 'ArnNotLike', arnLike, 'glob'),
};
