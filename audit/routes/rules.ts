import { parsePattern } from '../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../languages/event-pattern/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { busArn } from '../cloud/policies.ts';
import { listIn, objectIn, type Properties } from '../cloud/values.ts';
import { type Flight, partOf } from './flight.ts';

/** A rule that waits for events. */
export interface ReadRule {
  readonly resource: CloudResource;
  readonly bus: string;
  readonly pattern: Pattern;
  readonly disabled: boolean;
  readonly targets: readonly Properties[];
}

/** The rules of a cloud, and on each bus an index by branch, so that many environments on one bus cost no more than their number. */
export class Rules {
  readonly all: readonly ReadRule[];
  readonly #buses = new Map<string, { byBranch: Map<string, ReadRule[]>; others: ReadRule[]; all: ReadRule[] }>();

  constructor(cloud: Cloud) {
    this.all = cloud.ofType('AWS::Events::Rule').flatMap((resource) => readRule(resource) ?? []);
    for (const rule of this.all) this.#place(rule);
  }

  /** The rules on a bus that events with these branches may match: more than do match. */
  candidates(bus: string, { branch }: Flight): Iterable<ReadRule> {
    const rules = this.#buses.get(bus);
    if (rules === undefined) return [];
    if (branch.any || branch.texts.size > rules.byBranch.size) return rules.all;
    const found = new Set(rules.others);
    for (const text of branch.texts) for (const rule of rules.byBranch.get(text) ?? []) found.add(rule);
    return found;
  }

  #place(rule: ReadRule): void {
    const rules = this.#buses.get(rule.bus) ?? { byBranch: new Map<string, ReadRule[]>(), others: [], all: [] };
    this.#buses.set(rule.bus, rules);
    rules.all.push(rule);
    const branches = branchesOf(rule.pattern);
    if (branches === undefined) rules.others.push(rule);
    else
      for (const branch of branches) {
        const known = rules.byBranch.get(branch);
        if (known) known.push(rule);
        else rules.byBranch.set(branch, [rule]);
      }
  }
}

/** A rule without a pattern runs on a schedule and takes no events. */
function readRule(resource: CloudResource): ReadRule | undefined {
  const { EventPattern, EventBusName, State, Targets } = resource.properties;
  if (EventPattern === undefined) return undefined;
  return {
    resource,
    bus: busArn(resource, EventBusName),
    pattern: parsePattern(EventPattern),
    disabled: State === 'DISABLED',
    targets: listIn(Targets).map(objectIn),
  };
}

/** The branches that a pattern names; undefined when some alternative names none or not exactly. */
function branchesOf({ clauses }: Pattern): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const clause of clauses) {
    const field = clause.find(({ path }) => partOf(path) === 'branch');
    if (field === undefined) return undefined;
    for (const matcher of field.matchers) {
      if (matcher.type !== 'text') return undefined;
      found.add(matcher.text);
    }
  }
  return found;
}
