import { addressDigits } from '../address.ts';
import { accepts } from './accept.ts';
import type { IndexNode } from './rule-node.ts';
import { Fork, type Target, type Walk } from './rule-walk.ts';
import { TextTable } from './text-table.ts';
import type { FieldPattern, Leaf, Matcher } from './types.ts';

/** A node and the matcher that has to accept a leaf on the way to it. */
type Guarded<Id> = { readonly matcher: Matcher; readonly node: IndexNode<Id> }[];

/** One field at one node of the index: which nodes its values lead to. Tables are made when they are needed. */
export class IndexStep<Id> {
  readonly slot: number;
  private children: Map<string, IndexNode<Id>> | undefined;
  private readonly texts = new TextTable<Target<Id>>();
  private spellings: Map<string, Target<Id>> | undefined;
  private numbers: Map<number, Target<Id>> | undefined;
  private addresses: Map<string, Target<Id>> | undefined;
  /** By the lower case of the texts; only a hint, since lower case is not what AWS compares. */
  private folded: Map<string, Guarded<Id>> | undefined;
  private prefixes: Affixes<Id> | undefined;
  private suffixes: Affixes<Id> | undefined;
  private others: Guarded<Id> | undefined;
  /** Whether some table but {@link texts} is asked for texts. */
  private hasTextTables = false;
  private present: Target<Id> | undefined;
  private absent: Target<Id> | undefined;

  constructor(slot: number) {
    this.slot = slot;
  }

  get asksForAbsence(): boolean {
    return this.absent !== undefined;
  }

  /** The node behind a list of matchers. */
  child({ written, matchers }: FieldPattern, fresh: () => IndexNode<Id>): IndexNode<Id> {
    this.children ??= new Map();
    const known = this.children.get(written);
    if (known) return known;
    const node = fresh();
    this.children.set(written, node);
    for (const matcher of matchers) this.register(matcher, node);
    return node;
  }

  /** Goes on to every node that a value of the event leads to. Within arrays a field may be absent in one element and present in another. */
  follow(walk: Walk<Id>): void {
    const { leaves } = walk;
    const found = leaves.bySlot[this.slot];
    if (found === undefined || leaves.inArrays) this.absent?.visit(walk);
    if (found === undefined) return;
    this.present?.visit(walk);
    for (const leaf of found) this.followLeaf(leaf, walk);
  }

  private followLeaf(leaf: Leaf, walk: Walk<Id>): void {
    if (leaf.type === 'string') {
      this.texts.get(leaf.text)?.visit(walk);
      if (this.hasTextTables) this.followText(leaf, walk);
    } else {
      this.spellings?.get(leaf.text)?.visit(walk);
      if (leaf.type === 'number') this.numbers?.get(leaf.comparable)?.visit(walk);
    }
    if (this.others !== undefined) visitAccepting(this.others, leaf, walk);
  }

  private followText(leaf: Leaf, walk: Walk<Id>): void {
    const { text } = leaf;
    this.prefixes?.follow(text, walk);
    this.suffixes?.follow(text, walk);
    if (this.folded) visitAccepting(this.folded.get(text.toLowerCase()), leaf, walk);
    if (this.addresses) this.addresses.get(addressDigits(text) ?? '')?.visit(walk);
  }

  private register(matcher: Matcher, node: IndexNode<Id>): void {
    switch (matcher.type) {
      case 'text':
        return push(this.texts, matcher.text, node);
      case 'literal':
        return push((this.spellings ??= new Map<string, Target<Id>>()), matcher.text, node);
      case 'number':
        push((this.spellings ??= new Map<string, Target<Id>>()), matcher.text, node);
        // A map would take NaN, which no number equals, for equal to itself.
        if (Number.isNaN(matcher.comparable)) return;
        return push((this.numbers ??= new Map<number, Target<Id>>()), matcher.comparable, node);
      case 'address':
        this.hasTextTables = true;
        return push((this.addresses ??= new Map<string, Target<Id>>()), matcher.digits, node);
      case 'exists':
        this.present = joined(this.present, node);
        return;
      case 'absent':
        this.absent = joined(this.absent, node);
        return;
      default:
        this.registerPartial(matcher, node);
    }
  }

  private registerPartial(matcher: Matcher, node: IndexNode<Id>): void {
    this.hasTextTables = true;
    if (matcher.type === 'prefix' && matcher.forms === undefined) {
      (this.prefixes ??= new Affixes(startOf)).add(matcher.text, node);
    } else if (matcher.type === 'suffix' && matcher.forms === undefined) {
      (this.suffixes ??= new Affixes(endOf)).add(matcher.text, node);
    } else if (matcher.type === 'equals-ignore-case' && isPlain(matcher.text)) {
      this.registerFolded(matcher.text.toLowerCase(), { matcher, node });
    } else {
      this.others ??= [];
      this.others.push({ matcher, node });
    }
  }

  private registerFolded(key: string, guarded: Guarded<Id>[number]): void {
    this.folded ??= new Map();
    this.folded.set(key, [...(this.folded.get(key) ?? []), guarded]);
  }
}

/** Prefixes or suffixes by their length. */
class Affixes<Id> {
  private readonly lengths: number[] = [];
  private readonly nodes = new Map<string, Target<Id>>();
  private readonly part: (text: string, length: number) => string;

  constructor(part: (text: string, length: number) => string) {
    this.part = part;
  }

  add(affix: string, node: IndexNode<Id>): void {
    if (!this.lengths.includes(affix.length)) this.lengths.push(affix.length);
    push(this.nodes, affix, node);
  }

  follow(text: string, walk: Walk<Id>): void {
    for (const length of this.lengths) {
      if (length <= text.length) this.nodes.get(this.part(text, length))?.visit(walk);
    }
  }
}

function visitAccepting<Id>(guarded: Guarded<Id> | undefined, leaf: Leaf, walk: Walk<Id>): void {
  if (guarded !== undefined) for (const { matcher, node } of guarded) if (accepts(matcher, leaf)) node.visit(walk);
}

const startOf = (text: string, length: number): string => text.slice(0, length);
const endOf = (text: string, length: number): string => text.slice(text.length - length);

/** Printable ASCII: letters have one lower and one upper case. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/** A map or a {@link TextTable}. */
interface Table<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

function push<Key, Id>(table: Table<Key, Target<Id>>, key: Key, node: IndexNode<Id>): void {
  table.set(key, joined(table.get(key), node));
}

function joined<Id>(known: Target<Id> | undefined, node: IndexNode<Id>): Target<Id> {
  if (known === undefined) return node;
  if (!(known instanceof Fork)) return new Fork([known, node]);
  known.add(node);
  return known;
}
