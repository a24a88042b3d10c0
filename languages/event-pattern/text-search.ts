import { Fault } from '../../shared/fault.ts';
import { Automaton, type Edge, lastUnit } from './automaton.ts';
import { addTexts } from './text-automaton.ts';
import type { Matcher } from './types.ts';

/** What is asked of one scalar: each list of `every` has a matcher that accepts it, and no list of `none` has one. */
export interface Wanted {
  readonly every: readonly (readonly Matcher[])[];
  readonly none: readonly (readonly Matcher[])[];
}

/** So many situations are looked at; patterns within AWS's limits stay far below unless they are made to exceed it. */
const mostSituations = 100_000;

/**
 * A shortest text that is as wanted, or undefined when there is none: a walk through the product of the automata of all matchers. Throws
 * PatternUndecided when the product is too large.
 */
export function searchText(wanted: Wanted): string | undefined {
  const automaton = new Automaton();
  const every = wanted.every.map((matchers) => languageOf(matchers, automaton));
  const none = wanted.none.map((matchers) => languageOf(matchers, automaton));
  const accepts = (situation: Situation): boolean => {
    const ended = new Set(situation.flatMap((node) => automaton.ends.get(node) ?? []));
    return every.every((language) => language(ended)) && !none.some((language) => language(ended));
  };
  return walk(automaton, accepts);
}

/** The nodes at which a text may stand, in order. */
type Situation = readonly number[];
type Language = (ended: ReadonlySet<number>) => boolean;

/** All plain matchers of a list are one language; each `anything-but` is one of its own, whose lack counts. */
function languageOf(matchers: readonly Matcher[], automaton: Automaton): Language {
  const plain = automaton.language();
  const lacking: number[] = [];
  for (const matcher of matchers) {
    if (matcher.type !== 'anything-but') addTexts(automaton, matcher, plain);
    else {
      const language = automaton.language();
      lacking.push(language);
      for (const named of matcher.not) addTexts(automaton, named, language);
    }
  }
  return (ended) => ended.has(plain) || lacking.some((language) => !ended.has(language));
}

interface Visit {
  readonly situation: Situation;
  readonly before: Visit | undefined;
  readonly unit: number;
}

function walk(automaton: Automaton, accepts: (situation: Situation) => boolean): string | undefined {
  const first: Visit = { situation: automaton.starts, before: undefined, unit: 0 };
  const seen = new Set([first.situation.join()]);
  const visits = [first];
  for (let at = 0; at < visits.length; at++) {
    const visit = visits[at] as Visit;
    if (accepts(visit.situation)) return textOf(visit);
    const edges = visit.situation.flatMap((node) => automaton.edges[node] ?? []);
    for (const { unit, situation } of successors(edges)) {
      const key = situation.join();
      if (seen.has(key)) continue;
      if (seen.size >= mostSituations) {
        throw new Fault('PatternUndecided', `the texts of the pattern make more than ${mostSituations} situations`);
      }
      seen.add(key);
      visits.push({ situation, before: visit, unit });
    }
  }
  return undefined;
}

/** The units fall into ranges within which all edges agree; one unit of each is tried, a readable one if it has one. */
function successors(edges: readonly Edge[]): readonly { readonly unit: number; readonly situation: Situation }[] {
  const cuts = new Set([0]);
  for (const { low, high } of edges) {
    cuts.add(low);
    if (high < lastUnit) cuts.add(high + 1);
  }
  const sorted = [...cuts].sort((one, other) => one - other);
  const bySituation = new Map<string, { unit: number; situation: Situation }>();
  for (const [index, low] of sorted.entries()) {
    const high = (sorted[index + 1] ?? lastUnit + 1) - 1;
    const unit = readable(low, high);
    const situation = [...new Set(edges.flatMap((edge) => (edge.low <= low && edge.high >= low ? edge.to : [])))].sort(
      (one, other) => one - other,
    );
    const key = situation.join();
    const known = bySituation.get(key);
    if (known === undefined) bySituation.set(key, { unit, situation });
    else if (rank(unit) < rank(known.unit)) known.unit = unit;
  }
  return [...bySituation.values()];
}

const preferred = [...'abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ_./: '].map((character) =>
  character.charCodeAt(0),
);

const rank = (unit: number): number => {
  const at = preferred.indexOf(unit);
  return at < 0 ? preferred.length + unit : at;
};

const readable = (low: number, high: number): number => preferred.find((unit) => unit >= low && unit <= high) ?? low;

function textOf(visit: Visit): string {
  const units: number[] = [];
  for (let at = visit; at.before !== undefined; at = at.before) units.push(at.unit);
  return String.fromCharCode(...units.reverse());
}
