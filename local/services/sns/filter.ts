import { match } from '../../../languages/event-pattern/match.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { MessageAttribute } from './message.ts';
import type { Subscription } from './tables.ts';

/** Quotas of a filter policy. Source: "Amazon SNS filter policy constraints". */
const mostKeys = 5;
const mostCombinations = 150;

/**
 * Reads a filter policy. SNS took its language from EventBridge: operators, `$or`, and arrays of which one element has to match mean
 * the same, so the same parser reads both. SNS's own: at most five keys, at most 150 combinations, no nesting in the scope
 * MessageAttributes. Two limits stay those of EventBridge: numbers up to 5e9 (SNS: 1e9) and a pattern's length.
 * Throws InvalidParameter.
 */
export function readFilter(text: string, scope: Subscription['filterScope']): Pattern | undefined {
  const policy = parsed(text);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw invalid('FilterPolicy: failed to parse JSON.');
  if (Object.keys(policy).length === 0) return undefined;
  if (scope === 'MessageAttributes' && isNested(policy))
    throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
  const leaves = leavesOf(policy, 1);
  if (leaves.length > mostKeys) throw invalid(`FilterPolicy: Filter policy can not have more than ${mostKeys} keys`);
  if (leaves.reduce((product, each) => product * each, 1) > mostCombinations)
    throw invalid('FilterPolicy: Filter policy is too complex');
  try {
    return parsePattern(text);
  } catch (error) {
    if (error instanceof Fault) throw invalid(`FilterPolicy: ${error.subject}`);
    throw error;
  }
}

/** `$or` groups whole policies and is no nesting. */
const isNested = (policy: object): boolean =>
  Object.entries(policy).some(([name, value]) =>
    name === '$or' && Array.isArray(value)
      ? value.some((each: unknown) => typeof each === 'object' && each !== null && isNested(each))
      : !Array.isArray(value),
  );

/** For each key its number of values, times how deep it lies. */
function leavesOf(policy: object, depth: number): readonly number[] {
  return Object.entries(policy).flatMap(([name, value]: [string, unknown]) => {
    if (name === '$or' && Array.isArray(value))
      return value.flatMap((each: unknown) => (typeof each === 'object' && each !== null ? leavesOf(each, depth) : []));
    if (Array.isArray(value)) return [value.length * depth];
    return typeof value === 'object' && value !== null ? leavesOf(value, depth + 1) : [depth];
  });
}

/** Whether a subscription lets a message through: by its attributes, or by its body, which then has to be JSON. */
export function passes(
  { filterPolicy, filterScope }: Subscription,
  message: string,
  attributes: Readonly<Record<string, MessageAttribute>>,
): boolean {
  if (filterPolicy === undefined) return true;
  if (filterScope === 'MessageBody') {
    const body = parsed(message);
    return typeof body === 'object' && body !== null && !Array.isArray(body) && match(filterPolicy, body).matched;
  }
  const values = Object.entries(attributes).flatMap(([name, each]) => {
    const value = valueOf(each);
    return value === undefined ? [] : [[name, value] as const];
  });
  return match(filterPolicy, Object.fromEntries(values)).matched;
}

/** Numbers are compared as numbers, arrays of strings by their elements; binary attributes cannot be filtered by. */
function valueOf({ DataType, StringValue = '' }: MessageAttribute): unknown {
  if (DataType.startsWith('Binary')) return undefined;
  if (DataType === 'Number' || DataType.startsWith('Number.')) return Number(StringValue);
  return DataType === 'String.Array' ? (parsed(StringValue) ?? StringValue) : StringValue;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** SNS's refusal of a parameter. */
export const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
