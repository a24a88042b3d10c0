import { IndexStep } from './rule-step.ts';
import type { Target, Walk } from './rule-walk.ts';
import type { Clause, FieldPattern } from './types.ts';

/** Beyond so many different fields a node looks at the event's fields instead of its own. */
const manySteps = 16;

/** A node of the index: the rules whose clause ends here, and the fields that clauses ask for next. Small, since there is one for most rules. */
export class IndexNode<Id> implements Target<Id> {
  /** The first rule whose clause ends here; most nodes have one or none. */
  private id: Id | undefined;
  private clause: Clause | undefined;
  private more: Beyond<Id> | undefined;

  /** The node behind a field; one for all clauses that come to this node and ask the same of the field. */
  child(field: FieldPattern): IndexNode<Id> {
    this.more ??= new Beyond();
    return this.more.step(field.slot).child(field, () => new IndexNode<Id>());
  }

  /** A clause of a rule ends here. */
  end(id: Id, clause: Clause): void {
    if (this.clause === undefined) {
      this.id = id;
      this.clause = clause;
    } else {
      this.more ??= new Beyond();
      this.more.ends.push({ id, clause });
    }
  }

  /** Collects the rules that an event finds from here on. */
  visit(walk: Walk<Id>): void {
    if (this.clause !== undefined) collect(this.id as Id, this.clause, walk);
    if (this.more !== undefined) this.more.visit(walk);
  }
}

/** What a node has beyond its first rule. */
class Beyond<Id> {
  readonly ends: { readonly id: Id; readonly clause: Clause }[] = [];
  /** The event that came here last, so that none comes twice. */
  private seen = 0;
  private readonly steps: IndexStep<Id>[] = [];
  private bySlot: Map<number, IndexStep<Id>> | undefined;

  /** The field that stands at a slot. */
  step(slot: number): IndexStep<Id> {
    const known = this.bySlot ? this.bySlot.get(slot) : this.steps.find((step) => step.slot === slot);
    if (known) return known;
    const step = new IndexStep<Id>(slot);
    this.steps.push(step);
    if (this.bySlot) this.bySlot.set(slot, step);
    else if (this.steps.length > manySteps) this.bySlot = new Map(this.steps.map((each) => [each.slot, each]));
    return step;
  }

  visit(walk: Walk<Id>): void {
    if (this.seen === walk.event) return;
    this.seen = walk.event;
    for (const { id, clause } of this.ends) collect(id, clause, walk);
    if (this.bySlot === undefined) for (const step of this.steps) step.follow(walk);
    else this.followPresent(this.bySlot, walk);
  }

  private followPresent(bySlot: ReadonlyMap<number, IndexStep<Id>>, walk: Walk<Id>): void {
    for (const slot of walk.leaves.slots) bySlot.get(slot)?.follow(walk);
    for (const step of this.steps) if (step.asksForAbsence) step.follow(walk);
  }
}

function collect<Id>(id: Id, clause: Clause, { check, leaves, found }: Walk<Id>): void {
  if (check === undefined || check(clause, leaves)) found.add(id);
}
