import { z } from 'zod';
import { Fault } from '../shared/fault.ts';
import { accountId, moment, regionName, uuid } from './fields.ts';

/** What EventBridge vouches for, beside the message: believe these before anything in the message. Source: facts 2.1. */
export interface Received<Message> {
  /** UUID that EventBridge gave the event. */
  readonly id: string;
  /** The account that published it, also after a hop to another account's bus. */
  readonly account: string;
  readonly region: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly detail: Message;
}

/** The envelope around a message of one source and detail-type. Fields that it does not name are left out. */
export function envelope<Detail extends z.ZodType, const Type extends string>(
  source: string,
  detailType: Type | readonly Type[],
  detail: Detail,
) {
  const types = typeof detailType === 'string' ? [detailType] : detailType;
  return z.object({
    id: uuid,
    source: z.literal(source),
    'detail-type': z.enum(types),
    account: accountId,
    region: regionName,
    time: moment,
    detail,
  });
}

/** Reads a whole event; throws EventMalformed that names the first wrong field and its value. */
export function readReceived<Detail>(
  schema: z.ZodType<{ id: string; account: string; region: string; time: string; detail: Detail }>,
  event: unknown,
): Received<Detail> {
  const { id, account, region, time, detail } = readAs(schema, event);
  return { id, account, region, at: time, detail };
}

/** Reads a value by its schema; throws EventMalformed that names the first wrong field and its value. */
function readAs<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw new Fault('EventMalformed', 'the event');
  throw new Fault('EventMalformed', flawOf(issue, value));
}

function flawOf(issue: z.core.$ZodIssue, value: unknown): string {
  const found = valueAt(value, issue.path);
  const field = issue.path.length === 0 ? 'the event' : issue.path.map(String).join('.');
  if (found === undefined) return `${field} is missing`;
  return `${field} ${shown(found)} ${issue.code === 'custom' ? issue.message : wordsFor(issue)}`;
}

function wordsFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is not ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `is not ${issue.values.map((value) => shown(value)).join(' or ')}`;
  // A discriminated union says it in its message alone.
  return issue.message.replace(/^Invalid discriminator value\. Expected /, 'is not ').replaceAll(' | ', ' or ');
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

/** A value as one short line of printable ASCII, so that hostile text can neither forge a log line nor fill it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  if (typeof value === 'object' && value !== null) return '(an object)';
  if (typeof value === 'function' || typeof value === 'symbol') return `(a ${typeof value})`;
  const text = String(value);
  const cut = text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
  return `'${cut.replace(/[^\x20-\x7e…]/g, escaped)}'`;
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
