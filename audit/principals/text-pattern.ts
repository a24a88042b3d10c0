import { Fault } from '../../shared/fault.ts';

/** One character, any character but a colon, any character, or any number of those. */
type Token =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'one' | 'many'; readonly colons: boolean };

/** A set of texts: what a value of a condition, or a matcher of an event pattern, takes. */
export interface TextPattern {
  readonly tokens: readonly Token[];
  /** The only text it takes; undefined when it has wildcards or does not mind case. */
  readonly exact?: string;
  readonly ignoresCase?: boolean;
  /** As it is written. */
  readonly written: string;
}

/** One text must be in a set (`within`), or outside of it: the set is that of all patterns together. */
export interface TextConstraint {
  readonly patterns: readonly TextPattern[];
  readonly within: boolean;
  /** The characters that it may hold, each by itself; any when left out. */
  readonly alphabet?: RegExp;
  /** Texts that it must not be, of which there may be thousands. */
  readonly other?: ReadonlySet<string>;
}

const characters = (text: string): readonly Token[] => [...text].map((each) => ({ kind: 'character', text: each }));

/** One text. */
export const exactly = (text: string): TextPattern => ({
  // Most are compared as they are, and there are many.
  get tokens() {
    return characters(text);
  },
  exact: text,
  written: text,
});

/** One text in any spelling of upper and lower case. */
export const ignoringCase = (text: string): TextPattern => ({
  tokens: characters(text),
  ignoresCase: true,
  written: text,
});

/** What `StringLike` takes. */
export const like = (glob: string): TextPattern =>
  /[*?]/.test(glob) ? { tokens: tokensOf(glob, true), written: glob } : exactly(glob);

/** What `ArnLike` and `ArnEquals` take: wildcards do not cross the first five colons. Undefined when it takes nothing. Source: languages/iam-policy/wildcard.ts. */
export function arnLike(glob: string): TextPattern | undefined {
  const parts = glob.split(':');
  if (parts.length < 6 && !glob.endsWith('*')) return /[*?]/.test(glob) ? undefined : exactly(glob);
  if (!/[*?]/.test(glob)) return exactly(glob);
  const segments = parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
  const tokens = segments.flatMap((segment, index) => [
    ...(index === 0 ? [] : characters(':')),
    ...tokensOf(segment, index === segments.length - 1),
  ]);
  return { tokens, written: glob };
}

const tokensOf = (glob: string, colons: boolean): readonly Token[] =>
  [...glob].map((each): Token => {
    if (each === '*') return { kind: 'many', colons };
    return each === '?' ? { kind: 'one', colons } : { kind: 'character', text: each };
  });

/** Whether a pattern takes a text. */
export const takes = (pattern: TextPattern, text: string): boolean => {
  if (pattern.exact !== undefined) return pattern.exact === text;
  let at = closed(pattern, [0]);
  for (const character of text) at = after(pattern, at, character);
  return at.includes(pattern.tokens.length);
};

/** Whether a text is as all constraints want it. */
export const meets = (text: string, constraints: readonly TextConstraint[]): boolean =>
  constraints.every(
    ({ patterns, within, alphabet, other }) =>
      other?.has(text) !== true &&
      patterns.some((pattern) => takes(pattern, text)) === within &&
      (alphabet === undefined || [...text].every((character) => alphabet.test(character))),
  );

/** So many situations are looked at. */
const mostSituations = 50_000;

/**
 * A shortest text that meets all constraints, or undefined when there is none. Exact: a walk through the product of the patterns. Throws ClaimUndecided when
 * that is too large.
 */
export function findText(constraints: readonly TextConstraint[]): string | undefined {
  const listed = constraints.find(
    ({ patterns, within }) => within && patterns.every(({ exact }) => exact !== undefined),
  );
  if (listed) return listed.patterns.map(({ exact = '' }) => exact).find((text) => meets(text, constraints));
  // Each text that is found and must not be is shut out by itself: few of the thousands ever are.
  const shut: TextPattern[] = [];
  for (;;) {
    const text = new Walk([...constraints, { patterns: shut, within: false }]).find();
    if (text === undefined || constraints.every(({ other }) => other?.has(text) !== true)) return text;
    shut.push(exactly(text));
  }
}

type Positions = readonly number[];

/** Positions with those that a `many` lets be skipped to. */
function closed({ tokens }: TextPattern, positions: readonly number[]): Positions {
  const found = new Set<number>();
  for (let position of positions)
    for (found.add(position); tokens[position]?.kind === 'many'; found.add(position)) position += 1;
  return [...found].sort((one, other) => one - other);
}

function after(pattern: TextPattern, positions: Positions, character: string): Positions {
  const next = positions.flatMap((position) => {
    const token = pattern.tokens[position];
    if (token === undefined || !accepts(token, character, pattern.ignoresCase === true)) return [];
    return [token.kind === 'many' ? position : position + 1];
  });
  return closed(pattern, next);
}

function accepts(token: Token, character: string, ignoresCase: boolean): boolean {
  if (token.kind !== 'character') return token.colons || character !== ':';
  return ignoresCase ? token.text.toLowerCase() === character.toLowerCase() : token.text === character;
}

/** Tried first, so that texts found are readable; one that no pattern names stands for all others. */
const spare = [...'xyzabcdefghijklmnopqrstuvwXYZ0123456789-_/.'];

class Walk {
  readonly #constraints: readonly TextConstraint[];
  readonly #patterns: readonly TextPattern[];
  readonly #alphabet: readonly string[];

  constructor(constraints: readonly TextConstraint[]) {
    this.#constraints = constraints;
    this.#patterns = constraints.flatMap(({ patterns }) => patterns);
    const named = new Set(
      this.#patterns.flatMap(({ tokens, ignoresCase }) =>
        tokens.flatMap((token) => {
          if (token.kind !== 'character') return [];
          return ignoresCase ? [token.text.toLowerCase(), token.text.toUpperCase()] : [token.text];
        }),
      ),
    );
    const other = spare.find((each) => !named.has(each)) ?? '\u00B7';
    const all = [other, ':', ...[...named].filter((each) => [...each].length === 1)];
    this.#alphabet = all.filter((each) => constraints.every(({ alphabet }) => alphabet?.test(each) !== false));
  }

  find(): string | undefined {
    const first = this.#patterns.map((pattern) => closed(pattern, [0]));
    const seen = new Set([JSON.stringify(first)]);
    const visits = [{ situation: first, text: '' }];
    for (const { situation, text } of visits) {
      if (this.#accepts(situation)) return text;
      for (const character of this.#alphabet) {
        const next = situation.map((positions, index) => after(this.#pattern(index), positions, character));
        const key = JSON.stringify(next);
        if (seen.has(key)) continue;
        if (seen.size >= mostSituations) throw this.#tooLarge();
        seen.add(key);
        visits.push({ situation: next, text: text + character });
      }
    }
    return undefined;
  }

  #pattern(index: number): TextPattern {
    return this.#patterns[index] as TextPattern;
  }

  #accepts(situation: readonly Positions[]): boolean {
    let index = 0;
    return this.#constraints.every(({ patterns, within }) => {
      const ends = patterns.map((pattern) => (situation[index++] ?? []).includes(pattern.tokens.length));
      return ends.includes(true) === within;
    });
  }

  #tooLarge(): Fault {
    const written = this.#patterns.map((pattern) => pattern.written).join(', ');
    return new Fault(
      'ClaimUndecided',
      `the texts of ${written.slice(0, 300)} make more than ${mostSituations} situations`,
    );
  }
}
