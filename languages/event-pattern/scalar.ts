import { acceptsSome } from './accept.ts';
import { comparable, largestNumber } from './comparable.ts';
import { searchText, type Wanted } from './text-search.ts';
import type { Leaf, Matcher } from './types.ts';

/**
 * A scalar of an event that is as wanted, as JSON, or undefined when there is none: decided over all texts, all numbers in all
 * spellings, and `true`, `false` and `null`; with `textOnly` over all texts. A text is preferred, and among them one that the matchers name.
 */
export function scalarWith(wanted: Wanted, textOnly = false): string | undefined {
  const suits = (leaf: Leaf): boolean =>
    wanted.every.every((matchers) => acceptsSome(matchers, leaf)) &&
    !wanted.none.some((matchers) => acceptsSome(matchers, leaf));
  const named = [...wanted.every, ...wanted.none].flat().flatMap(parts);
  const text = namedTexts(named).find((each) => suits(leafOf('string', each))) ?? searched(wanted);
  if (text !== undefined) return JSON.stringify(text);
  if (textOnly) return undefined;
  return (
    numbers(named).find((spelling) => suits(leafOf('number', spelling))) ??
    ['true', 'false', 'null'].find((spelling) => suits(leafOf('literal', spelling)))
  );
}

/** A list that names all of its texts has been tried text by text. */
const searched = (wanted: Wanted): string | undefined =>
  wanted.every.some((matchers) => matchers.every(({ type }) => finite.has(type))) ? undefined : searchText(wanted);

const finite: ReadonlySet<Matcher['type']> = new Set(['text', 'number', 'literal', 'numeric', 'absent']);

const parts = (matcher: Matcher): readonly Matcher[] =>
  matcher.type === 'anything-but' ? [matcher, ...matcher.not] : [matcher];

const namedTexts = (matchers: readonly Matcher[]): readonly string[] => [
  ...matchers.flatMap((matcher) => {
    if (matcher.type === 'wildcard') return matcher.parts.join('');
    return 'text' in matcher && matcher.type !== 'number' ? matcher.text : [];
  }),
  'example',
];

function leafOf(type: Leaf['type'], text: string): Leaf {
  return { type, text, comparable: type === 'number' ? comparable(Number(text)) : Number.NaN, element: undefined };
}

const farthest = comparable(largestNumber);

/**
 * Spellings of numbers, of which one is as wanted if any number is: all matchers agree on the numbers between two neighbours of what they name. Outside
 * AWS's range only spellings count: those named, and one that is not.
 */
function numbers(matchers: readonly Matcher[]): readonly string[] {
  const points = new Set([0, -farthest, farthest]);
  const spellings = new Set<string>();
  for (const matcher of matchers) {
    if (matcher.type === 'numeric') around(points, matcher.bottom, matcher.top);
    else if (matcher.type === 'number' && Number.isNaN(matcher.comparable)) spellings.add(matcher.text);
    else if (matcher.type === 'number') around(points, matcher.comparable);
  }
  const beyond = Array.from({ length: spellings.size + 1 }, (_, at) => String(largestNumber + 1 + at));
  const within = [...points].filter((point) => Math.abs(point) <= farthest).sort((a, b) => Math.abs(a) - Math.abs(b));
  return [...within.map(spelled), ...spellings, ...beyond];
}

function around(points: Set<number>, ...named: readonly number[]): void {
  for (const point of named) for (const step of [-1, 0, 1]) points.add(point + step);
}

/** Millionths as a decimal number. */
function spelled(millionths: number): string {
  const digits = String(Math.abs(millionths)).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${millionths < 0 ? '-' : ''}${digits.slice(0, -6)}${fraction === '' ? '' : '.'}${fraction}`;
}
