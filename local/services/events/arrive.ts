import { match } from '../../../languages/event-pattern/match.ts';
import type { Verdict } from '../../../languages/event-pattern/types.ts';
import type { World } from '../../world/world.ts';
import { keepInArchives } from './archive-keeping.ts';
import { deliver } from './deliver.ts';
import { matchingRules } from './matching.ts';
import { measureRule } from './measure.ts';
import { type Bus, type BusEvent, type Rule, rules } from './tables.ts';

/** An event at the door of a bus. */
export interface Arrival {
  readonly bus: Bus;
  readonly event: BusEvent;
  /** ARNs of the buses from which rules have forwarded it, in order. Empty for what was put or told. */
  readonly path: readonly string[];
  /** Replays may name the rules that see the event; all do when left out. */
  readonly onlyRules?: readonly string[];
  readonly cause?: string;
}

/** Takes an event in: archives keep it, each rule of the bus gives its verdict, and each target of those that match gets it. */
export function arrive(world: World, arrival: Arrival): void {
  const cause = journalArrival(world, arrival);
  keepInArchives(world, arrival.bus, arrival.event);
  const listed = rulesOf(world, arrival.bus);
  const matching = matchingRules(world, arrival.bus, listed, arrival.event);
  for (const rule of listed) {
    const concerned = arrival.onlyRules === undefined || arrival.onlyRules.includes(rule.arn);
    if (concerned && rule.pattern !== undefined) consider(world, rule, arrival, { cause, matching });
  }
}

/** The rules of a bus, in the order they were made. */
export const rulesOf = (world: World, bus: Pick<Bus, 'arn'>): readonly Rule[] =>
  world.store.in(rules).where((rule) => rule.busArn === bus.arn);

function journalArrival(world: World, { bus, event, path, cause }: Arrival): string {
  const from = path.at(-1);
  return world.journal.write({
    kind: 'event',
    ...(cause === undefined ? {} : { cause }),
    account: bus.account,
    region: bus.region,
    subject: bus.arn,
    text: `bus ${bus.name} received ${event['detail-type']} from ${event.source}${from === undefined ? '' : `, forwarded by ${from}`}`,
    detail: { bus: bus.name, event, ...(from === undefined ? {} : { forwardedBy: from }) },
  });
}

/** The entry of the arrival, and the ARNs of the rules that match. */
interface Found {
  readonly cause: string;
  readonly matching: ReadonlySet<string>;
}

function consider(world: World, rule: Rule, { event, path }: Arrival, found: Found): void {
  const entry = judge(world, rule, event, found);
  if (entry === undefined) return;
  measureRule(world, rule, 'MatchedEvents');
  measureRule(world, rule, 'TriggeredRules');
  for (const target of rule.targets) deliver(world, { rule, target, event, path, cause: entry });
}

/** Writes the verdict; answers its entry when the rule matches. */
function judge(world: World, rule: Rule, event: BusEvent, { cause, matching }: Found): string | undefined {
  const verdict = verdictOf(rule, event, matching);
  const entry = world.journal.write({
    kind: 'match',
    cause,
    account: rule.account,
    region: rule.region,
    subject: rule.arn,
    text: verdictText(rule, verdict),
    detail: { rule: rule.name, eventId: event.id, ...(verdict ?? { matched: false, disabled: true }) },
  });
  return verdict?.matched ? entry : undefined;
}

/** Undefined for a disabled rule. A rule that does not match is held against the event once more, to say why. */
function verdictOf(rule: Rule, event: BusEvent, matching: ReadonlySet<string>): Verdict | undefined {
  if (rule.state === 'DISABLED' || rule.pattern === undefined) return undefined;
  return matching.has(rule.arn) ? { matched: true } : match(rule.pattern, event);
}

function verdictText(rule: Rule, verdict: Verdict | undefined): string {
  if (verdict === undefined) return `rule ${rule.name} is disabled`;
  if (verdict.matched) return `rule ${rule.name} matched`;
  return `rule ${rule.name} did not match: ${verdict.field} is ${verdict.found}, expected ${verdict.expected}`;
}
