import type { LetterForms } from './letter-case.ts';
import type { PathTree } from './path-tree.ts';

/**
 * A parsed event pattern with every `$or` multiplied out: it matches when one of its clauses does. Keys are joined with dots, as
 * AWS's matcher joins them, so `{"a": {"b": …}}` and `{"a.b": …}` are the same. Source: aws/event-ruler, README "JSON keys with dots".
 */
export interface Pattern {
  readonly clauses: readonly Clause[];
  /** The paths the clauses ask for; the number behind a path is its slot. */
  readonly paths: PathTree;
}

/** Fields that all have to match, in the order of their paths. */
export type Clause = readonly FieldPattern[];

/** One field of a clause; one of its matchers has to accept. */
export interface FieldPattern {
  /** `detail.state`. */
  readonly path: string;
  /** Where a reader of events puts the leaves of this path. */
  readonly slot: number;
  readonly matchers: readonly Matcher[];
  /** The list as JSON, for explanations. */
  readonly written: string;
}

/** One element of a field's list. */
export type Matcher =
  | { readonly type: 'text'; readonly text: string }
  /** An exact text that is an IP address: all spellings of the address match. */
  | { readonly type: 'address'; readonly digits: string }
  /** Equal when both compare as numbers (`comparable`), or when they are spelled alike. */
  | { readonly type: 'number'; readonly text: string; readonly comparable: number }
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'prefix' | 'suffix'; readonly text: string; readonly forms?: LetterForms }
  | { readonly type: 'equals-ignore-case'; readonly text: string; readonly forms: LetterForms }
  /** The texts between the stars. */
  | { readonly type: 'wildcard'; readonly text: string; readonly parts: readonly string[] }
  | NumericMatcher
  | { readonly type: 'cidr'; readonly bottom: string; readonly top: string }
  | { readonly type: 'exists' }
  | { readonly type: 'absent' }
  | { readonly type: 'anything-but'; readonly not: readonly Matcher[] };

/** A range of numbers; the bounds are comparable numbers (see {@link comparable}). */
export interface NumericMatcher {
  readonly type: 'numeric';
  readonly bottom: number;
  readonly openBottom: boolean;
  readonly top: number;
  readonly openTop: boolean;
}

/** One scalar of an event. */
export interface Leaf {
  readonly type: 'string' | 'number' | 'literal';
  /** The text of a string, or the spelling of a number, `true`, `false` or `null`. */
  readonly text: string;
  /** NaN when it is no number, or none that AWS compares as a number. */
  readonly comparable: number;
  /** The innermost array element around it that is an object or an array. */
  readonly element: Element | undefined;
}

/** An element of an array of an event. Two leaves in different elements of one array do not match together. */
export interface Element {
  /** Unique within the event. */
  readonly id: number;
  /** The array it stands in, unique within the event. */
  readonly array: number;
  readonly parent: Element | undefined;
}

/** What a pattern asks for in an event. */
export interface Leaves {
  /** By slot; undefined when the event has no scalar at that path. */
  readonly bySlot: readonly (readonly Leaf[] | undefined)[];
  /** The slots with a leaf. */
  readonly slots: readonly number[];
  /** True when some leaf stands in an array element. */
  readonly inArrays: boolean;
}

/** Whether an event matches, and if not, the first field that failed: its path, what was expected and what came. */
export type Verdict =
  | { readonly matched: true }
  | { readonly matched: false; readonly field: string; readonly expected: string; readonly found: string };
