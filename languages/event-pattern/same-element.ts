import { acceptsSome } from './accept.ts';
import type { Clause, Element, FieldPattern, Leaf, Leaves } from './types.ts';

/** The array elements chosen so far, outermost first; at most one of each array. */
type Choice = readonly Element[];

/** So many combinations of leaves are tried one by one, which is quicker than being clever. */
const fewCombinations = 4096;

/**
 * Array consistency: every field needs a leaf, and no two of these leaves may stand in different elements of one array. Answers with the first
 * field that finds none, or undefined when all do. Fields are taken in the order of their paths, as AWS's matcher takes them, which shows
 * with `exists: false`: the field has to be absent in the elements chosen until then. Source: aws/event-ruler, ACFinder and ArrayMembership.
 */
export function fieldsInOneElement(clause: Clause, leaves: Leaves): FieldPattern | undefined {
  let combinations = 1;
  for (const { slot } of clause) combinations *= leaves.bySlot[slot]?.length ?? 1;
  return combinations <= fewCombinations ? tryAll(clause, leaves) : followChoices(clause, leaves);
}

/** Array consistency by trying the leaves of each field in turn; time grows with the product of their numbers. */
export function tryAll(clause: Clause, leaves: Leaves): FieldPattern | undefined {
  return clause[farthest(clause, leaves, 0, [])];
}

/** How many fields match together with the elements chosen before the field at `index`. */
function farthest(clause: Clause, leaves: Leaves, index: number, chosen: (Element | undefined)[]): number {
  const field = clause[index];
  if (field === undefined) return index;
  const found = leaves.bySlot[field.slot];
  let reached = index;
  for (const leaf of found ?? []) {
    if (!agreesWith(chosen, leaf.element) || !acceptsSome(field.matchers, leaf)) continue;
    chosen.push(leaf.element);
    reached = Math.max(reached, farthest(clause, leaves, index + 1, chosen));
    chosen.pop();
    if (reached === clause.length) return reached;
  }
  if (!field.matchers.some(({ type }) => type === 'absent')) return reached;
  if (found?.some(({ element }) => agreesWith(chosen, element))) return reached;
  return Math.max(reached, farthest(clause, leaves, index + 1, chosen));
}

/** Whether an element stands in no array of which another element is chosen. */
function agreesWith(chosen: readonly (Element | undefined)[], element: Element | undefined): boolean {
  for (const other of chosen) {
    for (let at = other; at !== undefined; at = at.parent) {
      for (let up = element; up !== undefined; up = up.parent)
        if (up.array === at.array && up.id !== at.id) return false;
    }
  }
  return true;
}

/**
 * Array consistency by following every choice of elements, equal ones once. Arrays that no later field stands in are forgotten; since paths are sorted, at most the arrays around
 * one spot are remembered, so the choices are no more than the elements of the event.
 */
export function followChoices(clause: Clause, leaves: Leaves): FieldPattern | undefined {
  const lastUse = lastUses(clause, leaves);
  let choices: readonly Choice[] = [[]];
  for (const [index, field] of clause.entries()) {
    const all = leaves.bySlot[field.slot] ?? [];
    const accepted = new Group(all.filter((leaf) => acceptsSome(field.matchers, leaf)));
    const unwanted = field.matchers.some(({ type }) => type === 'absent') ? new Group(all) : undefined;
    const next = new Map<string, Choice>();
    for (const choice of choices) {
      for (const extended of accepted.extensions(choice)) keep(extended);
      if (unwanted?.extensions(choice).next().done === true) keep(choice);
    }
    if (next.size === 0) return field;
    choices = [...next.values()];

    function keep(choice: Choice): void {
      const remembered = choice.filter(({ array }) => (lastUse.get(array) ?? -1) > index);
      next.set(remembered.map(({ id }) => id).join(), remembered);
    }
  }
  return undefined;
}

/** The index of the last field with a leaf in each array. */
function lastUses(clause: Clause, leaves: Leaves): ReadonlyMap<number, number> {
  const lastUse = new Map<number, number>();
  for (const [index, { slot }] of clause.entries()) {
    for (const { element } of leaves.bySlot[slot] ?? []) {
      for (let at = element; at !== undefined && lastUse.get(at.array) !== index; at = at.parent) {
        lastUse.set(at.array, index);
      }
    }
  }
  return lastUse;
}

/** Leaves of one field, found by the element around them. */
class Group {
  private readonly chains: readonly Choice[];
  private readonly byElement = new Map<number, Choice[]>();
  private readonly inArray = new Map<number, number>();

  constructor(leaves: readonly Leaf[]) {
    const distinct = new Map(leaves.map(({ element }) => [element?.id ?? -1, element]));
    this.chains = [...distinct.values()].map(chainOf);
    for (const chain of this.chains) {
      for (const { id, array } of chain) {
        const known = this.byElement.get(id);
        if (known) known.push(chain);
        else this.byElement.set(id, [chain]);
        this.inArray.set(array, (this.inArray.get(array) ?? 0) + 1);
      }
    }
  }

  /** The choice extended by each leaf that agrees with it. */
  *extensions(choice: Choice): Generator<Choice> {
    for (const chain of this.candidates(choice)) {
      const extended = joined(choice, chain);
      if (extended) yield extended;
    }
  }

  /** Narrowed to the chosen elements as long as all candidates stand in their array. */
  private candidates(choice: Choice): readonly Choice[] {
    let narrowed = this.chains;
    for (const { id, array } of choice) {
      if (this.inArray.get(array) === narrowed.length) narrowed = this.byElement.get(id) ?? [];
    }
    return narrowed;
  }
}

function chainOf(element: Element | undefined): Choice {
  const chain: Element[] = [];
  for (let at = element; at !== undefined; at = at.parent) chain.push(at);
  return chain.reverse();
}

function joined(choice: Choice, chain: Choice): Choice | undefined {
  if (choice.length === 0) return chain;
  const added = chain.filter((element) => !choice.some(({ id }) => id === element.id));
  if (added.some((element) => choice.some(({ array }) => array === element.array))) return undefined;
  return added.length === 0 ? choice : [...choice, ...added];
}
