import { LeafCollector } from './leaf-collector.ts';
import { leavesOfText } from './leaves-of-text.ts';
import { leavesOfValue } from './leaves-of-value.ts';
import { missing } from './match.ts';
import { addPath, emptyTree, type PathTree } from './path-tree.ts';
import { IndexNode } from './rule-node.ts';
import type { Clause, FieldPattern, Leaves, Pattern } from './types.ts';

/** A rule as the index takes it. */
export interface IndexedRule<Id> {
  readonly id: Id;
  readonly pattern: Pattern;
}

/** Many rules, asked at once. */
export interface RuleIndex<Id> {
  /**
   * The ids of the rules that match an event: its JSON text, or the parsed value. Agrees with {@link match} for every rule. A text has to be JSON;
   * what is noticed to be malformed throws EventMalformed, but parts that no rule asks for are skipped.
   */
  rulesMatching(event: string | object): ReadonlySet<Id>;
}

/**
 * An index over rules: a tree with one level for each field of a clause, where rules that begin with the same fields share their nodes and the
 * values of a field are looked up instead of tried. So the time for an event hardly grows with the rules, also when fields share
 * their values across rules. Fields with exact values come first, those with few different lists before those with many, so that most is shared.
 * Array consistency is left out of the tree and checked for the rules it finds.
 */
export function ruleIndex<Id>(rules: Iterable<IndexedRule<Id>>): RuleIndex<Id> {
  const listed = [...rules];
  const order = fieldOrder(listed);
  const paths = emptyTree();
  const root = new IndexNode<Id>();
  const fields = new Map<string, FieldPattern>();
  let slots = 0;
  for (const { id, pattern } of listed) {
    for (const clause of pattern.clauses) {
      const placed = clause.map(place);
      const end = [...placed].sort(order).reduce((node, field) => node.child(field), root);
      end.end(id, placed);
    }
  }
  /** The same field with a slot of the index; one object for all clauses that ask the same, to save memory. */
  function place(field: FieldPattern): FieldPattern {
    const key = `${field.written} ${field.path}`;
    const known = fields.get(key);
    if (known) return known;
    const slot = addPath(paths, field.path, slots);
    if (slot === slots) slots++;
    const placed = { ...field, slot };
    fields.set(key, placed);
    return placed;
  }
  return new Index(root, paths);
}

const matches = (clause: Clause, leaves: Leaves): boolean => missing(clause, leaves) === undefined;

class Index<Id> implements RuleIndex<Id> {
  private readonly root: IndexNode<Id>;
  private readonly paths: PathTree;
  /** Used for every text, so that an event leaves little behind for the garbage collector. */
  private readonly collector = new LeafCollector();
  private events = 0;

  constructor(root: IndexNode<Id>, paths: PathTree) {
    this.root = root;
    this.paths = paths;
  }

  rulesMatching(event: string | object): ReadonlySet<Id> {
    this.collector.clear();
    const leaves =
      typeof event === 'string' ? leavesOfText(event, this.paths, this.collector) : leavesOfValue(event, this.paths);
    const found = new Set<Id>();
    this.root.visit({ event: ++this.events, leaves, found, check: leaves.inArrays ? matches : undefined });
    return found;
  }
}

/** Exact fields first, then paths by how many different lists they have. */
function fieldOrder(rules: readonly IndexedRule<unknown>[]): (one: FieldPattern, other: FieldPattern) => number {
  const lists = new Map<string, Set<string>>();
  for (const field of rules.flatMap(({ pattern }) => pattern.clauses.flat())) {
    const known = lists.get(field.path);
    if (known) known.add(field.written);
    else lists.set(field.path, new Set([field.written]));
  }
  const variety = (field: FieldPattern): number => lists.get(field.path)?.size ?? 0;
  return (one, other) =>
    Number(!isExact(one)) - Number(!isExact(other)) ||
    variety(one) - variety(other) ||
    (one.path < other.path ? -1 : Number(one.path > other.path));
}

const isExact = ({ matchers }: FieldPattern): boolean =>
  matchers.every(({ type }) => type === 'text' || type === 'number' || type === 'literal');
