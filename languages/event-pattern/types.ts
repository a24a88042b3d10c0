/** A parsed event pattern: every field must match, and of each `$or` at least one alternative. */
export interface Pattern {
  readonly fields: readonly FieldPattern[];
  readonly alternatives: readonly (readonly Pattern[])[];
}

/** One field of a pattern: a deeper object, or a leaf with matchers of which one has to accept. */
export type FieldPattern =
  | { readonly key: string; readonly object: Pattern }
  | {
      readonly key: string;
      readonly matchers: readonly Matcher[] /** As written, for explanations. */;
      readonly written: string;
    };

/** One element of a leaf. `value` is compared as text, numbers as numbers. */
export type Matcher =
  | { readonly type: 'exact'; readonly value: Scalar }
  | { readonly type: 'prefix' | 'suffix'; readonly text: string; readonly ignoreCase: boolean }
  | { readonly type: 'equals-ignore-case'; readonly text: string }
  | { readonly type: 'wildcard'; readonly parts: readonly string[] }
  | {
      readonly type: 'numeric';
      readonly ranges: readonly { readonly operator: NumericOperator; readonly value: number }[];
    }
  | { readonly type: 'cidr'; readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' }
  | { readonly type: 'exists'; readonly wanted: boolean }
  | { readonly type: 'anything-but'; readonly not: readonly Matcher[] };

export type NumericOperator = '=' | '<' | '<=' | '>' | '>=';
export type Scalar = string | number | boolean | null;

/** Whether an event matches, and if not, the first field that failed: its path, what was expected and what came. */
export type Verdict =
  | { readonly matched: true }
  | { readonly matched: false; readonly field: string; readonly expected: string; readonly found: string };
