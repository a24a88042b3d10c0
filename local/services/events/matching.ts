import { type RuleIndex, ruleIndex } from '../../../languages/event-pattern/rule-index.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { Bus, BusEvent, Rule } from './tables.ts';

/** The rules of a bus as they were when they were indexed. */
interface IndexedBus {
  readonly rules: readonly Rule[];
  readonly index: RuleIndex<string>;
}

const indexes = table<IndexedBus>('events/rule-indexes');

/** The ARNs of the rules of a bus that match an event. The index of the bus is made anew once its rules have changed. */
export function matchingRules(world: World, bus: Bus, listed: readonly Rule[], event: BusEvent): ReadonlySet<string> {
  const known = world.store.in(indexes).get(bus.arn);
  if (known !== undefined && equal(known.rules, listed)) return known.index.rulesMatching(event);
  const index = ruleIndex(listed.flatMap(({ arn, pattern }) => (pattern === undefined ? [] : [{ id: arn, pattern }])));
  world.store.in(indexes).put(bus.arn, { rules: listed, index });
  return index.rulesMatching(event);
}

/** Rows are replaced, never changed, so that identity is enough. */
const equal = (some: readonly Rule[], others: readonly Rule[]): boolean =>
  some.length === others.length && some.every((rule, at) => rule === others[at]);
