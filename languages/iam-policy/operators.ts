import { BlockList, isIP } from 'node:net';
import { arnMatches, wildcardMatches } from './wildcard.ts';

/** Compares one value of the request with one value of the policy. */
type Compare = (given: string, wanted: string) => boolean;

/** A condition operator; a negated one holds when no wanted value compares. */
interface Operator {
  readonly compare: Compare;
  readonly negated: boolean;
}

const is = (compare: Compare): Operator => ({ compare, negated: false });
const isNot = (compare: Compare): Operator => ({ compare, negated: true });

const equal: Compare = (given, wanted) => given === wanted;
const equalIgnoringCase: Compare = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();
const like: Compare = (given, wanted) => wildcardMatches(wanted, given);
const arnLike: Compare = (given, wanted) => arnMatches(wanted, given);

const numbers =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) => {
    const [a, b] = [Number(given), Number(wanted)];
    return given.trim() !== '' && wanted.trim() !== '' && Number.isFinite(a) && Number.isFinite(b) && holds(a, b);
  };

const dates =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) => {
    const [a, b] = [instant(given), instant(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
  };

/** ISO 8601, or seconds since 1970; in milliseconds. */
const instant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const inNetwork: Compare = (given, wanted) => {
  const [address = '', bits] = wanted.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(given) !== family) return false;
  const list = new BlockList();
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) return false;
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(given, family === 4 ? 'ipv4' : 'ipv6');
};

/** Every condition operator but `Null`, which asks for the key and not for its value. Source: the IAM condition operator reference. */
export const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(equal),
  StringNotEquals: isNot(equal),
  StringEqualsIgnoreCase: is(equalIgnoringCase),
  StringNotEqualsIgnoreCase: isNot(equalIgnoringCase),
  StringLike: is(like),
  StringNotLike: isNot(like),
  NumericEquals: is(numbers((a, b) => a === b)),
  NumericNotEquals: isNot(numbers((a, b) => a === b)),
  NumericLessThan: is(numbers((a, b) => a < b)),
  NumericLessThanEquals: is(numbers((a, b) => a <= b)),
  NumericGreaterThan: is(numbers((a, b) => a > b)),
  NumericGreaterThanEquals: is(numbers((a, b) => a >= b)),
  DateEquals: is(dates((a, b) => a === b)),
  DateNotEquals: isNot(dates((a, b) => a === b)),
  DateLessThan: is(dates((a, b) => a < b)),
  DateLessThanEquals: is(dates((a, b) => a <= b)),
  DateGreaterThan: is(dates((a, b) => a > b)),
  DateGreaterThanEquals: is(dates((a, b) => a >= b)),
  Bool: is(equalIgnoringCase),
  BinaryEquals: is(equal),
  IpAddress: is(inNetwork),
  NotIpAddress: isNot(inNetwork),
  ArnEquals: is(arnLike),
  ArnLike: is(arnLike),
  ArnNotEquals: isNot(arnLike),
  ArnNotLike: isNot(arnLike),
};
