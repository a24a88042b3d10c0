import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, type Call, operation } from '../../world/service.ts';
import { arrive } from './arrive.ts';
import { findBus, resolveBusArn } from './buses.ts';
import { busPolicy } from './rules.ts';

const mostEntries = 10;
/** All entries of one request together must stay below this. Source: facts 2.3. */
const largestRequestBytes = 1024 * 1024;

const entryShape = z.object({
  Time: z.number().optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
type Entry = z.output<typeof entryShape>;

/**
 * Puts up to ten events on buses. Entries fail one by one in a 200 answer; missing permission fails the whole request, and
 * an event for a bus that does not exist is dropped with a 200, as AWS does: only the journal tells.
 */
export const putEvents = operation({
  input: z.object({
    Entries: z.array(entryShape),
    EndpointId: z.undefined('global endpoints are not played').optional(),
  }),
  access: ({ Entries }, call) => accesses(Entries, call),
  run: ({ Entries }, call) => {
    const results = Entries.map((entry) => takeIn(entry, call));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  },
});

/** One question for each bus, source and detail type: all must be allowed. */
function accesses(entries: readonly Entry[], call: Omit<Call, 'cause'>): readonly Access[] {
  checkRequest(entries);
  const asked = new Map<string, Access>();
  for (const { EventBusName, Source = '', DetailType = '' } of entries) {
    const bus = findBus(call.world, call, EventBusName);
    const arn = resolveBusArn(call, EventBusName);
    asked.set(JSON.stringify([arn, Source, DetailType]), {
      action: 'events:PutEvents',
      resource: arn,
      owner: arn.split(':')[4] ?? call.account,
      context: { 'events:source': Source, 'events:detail-type': DetailType, 'events:eventBusInvocation': 'false' },
      ...(bus === undefined ? {} : busPolicy(bus)),
    });
  }
  return [...asked.values()];
}

function checkRequest(entries: readonly Entry[]): void {
  if (entries.length < 1 || entries.length > mostEntries) {
    const limit = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${mostEntries}`;
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${limit}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + entryBytes(entry), 0) >= largestRequestBytes)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  const missing = entries.map(missingMember);
  const first = missing[0];
  if (first !== undefined && missing.every((name) => name !== undefined))
    throw new AwsError('ValidationException', requiredText(first));
}

/** Source: facts 2.3. */
const entryBytes = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const missingMember = (entry: Entry): string | undefined =>
  (['Source', 'DetailType', 'Detail'] as const).find((name) => entry[name] === undefined || entry[name] === '');

const requiredText = (name: string) => `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

function takeIn(entry: Entry, call: Call): Result {
  const missing = missingMember(entry);
  if (missing !== undefined) return failed('InvalidArgument', requiredText(missing));
  if (/^aws\./i.test(entry.Source ?? ''))
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.');
  if ((entry.DetailType ?? '').length > 128)
    return failed(
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType must be at most 128 characters.',
    );
  const detail = detailOf(entry.Detail ?? '');
  if (detail === undefined) return failed('MalformedDetail', 'Detail is malformed.');
  return { EventId: put(entry, detail, call) };
}

const failed = (ErrorCode: string, ErrorMessage: string): Result => ({ ErrorCode, ErrorMessage });

/** How deep `Detail` may be nested. Source: facts 2.3. */
const deepestDetail = 1000;

/** Counted on the text, in one pass: what is too deep must not be walked. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > deepestDetail) return true;
  }
  return false;
}

function detailOf(text: string): object | undefined {
  if (tooDeep(text)) return undefined;
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function put({ EventBusName, Source, DetailType, Resources, Time }: Entry, detail: object, call: Call): string {
  const { world, account, region, cause } = call;
  const id = world.chance.uuid();
  const bus = findBus(world, call, EventBusName);
  if (bus === undefined) {
    const arn = resolveBusArn(call, EventBusName);
    const text = `${DetailType} from ${Source} was dropped: there is no bus ${arn}, which PutEvents answers with success`;
    world.journal.write({ kind: 'delivery', cause, account, region, subject: arn, text, allowed: false });
    return id;
  }
  const time = new Date(Time === undefined ? world.clock.now() : Time * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const event = {
    version: '0',
    id,
    'detail-type': DetailType ?? '',
    source: Source ?? '',
    account,
    time,
    region,
  } as const;
  arrive(world, { bus, event: { ...event, resources: Resources ?? [], detail }, path: [], cause });
  return id;
}
