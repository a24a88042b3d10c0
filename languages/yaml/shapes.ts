import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Fault } from '../../shared/fault.ts';
import { isPlainTag, type YamlDocument } from './document.ts';
import { didYouMean } from './nearest.ts';

/** One reading of a document: what its aliases stand for, and how many spots have been visited. */
interface Course {
  readonly document: YamlDocument;
  readonly aliases: ReadonlyMap<Alias, Node>;
  steps: number;
}

/** A place in a YAML document that is being read: the node, how its place is called, and how to refuse it. */
export interface Spot {
  readonly node: Node | null;
  /** `phases.build.commands[2]`; empty for the whole document. */
  readonly path: string;
  readonly course: Course;
  readonly refusal: (text: string, hint?: string) => Fault;
}

/** Reads what stands at a spot, or throws the refusal. */
export type Shape<T> = (spot: Spot) => T;

type Camel<Key extends string> = Key extends `${infer Head}-${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : Key;

/** The object that {@link fields} reads: keys as the program spells them (`base-directory` is `baseDirectory`). */
export type Fields<Shapes extends Readonly<Record<string, Shape<unknown>>>> = {
  readonly [Key in keyof Shapes & string as Camel<Key>]?: ReturnType<Shapes[Key]>;
};

/** Aliases may repeat what they stand for, but not without end. */
const mostSteps = 20_000;

/** Reads a whole document. */
export function readShape<T>(document: YamlDocument, shape: Shape<T>): T {
  const course: Course = { document, aliases: aliasesOf(document), steps: 0 };
  return shape(spotAt(course, document.root ?? null, '', document.root ?? 0));
}

/** Any scalar, as it is written: `1.10` stays `1.10`. */
export const text: Shape<string> = (spot) => {
  if (isScalar(spot.node) && spot.node.value !== null) return spot.node.source ?? '';
  throw spot.refusal(`must be a text, not ${kind(spot.node)}`, mendFor(spot.node));
};

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Shape<Word> {
  return (spot) => {
    const given = text(spot);
    const found = words.find((word) => word === given);
    if (found === undefined) throw spot.refusal(`'${given}' is unknown: ${didYouMean(given, words)}`);
    return found;
  };
}

/** `yes`, `no`, `true` or `false`. */
export const flag: Shape<boolean> = (spot) => {
  const given = text(spot).toLowerCase();
  if (['yes', 'true', 'on'].includes(given)) return true;
  if (['no', 'false', 'off'].includes(given)) return false;
  throw spot.refusal(`must be yes or no, not '${given}'`);
};

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): Shape<number> {
  return (spot) => {
    const given = text(spot);
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw spot.refusal(`must be a whole number from ${least} to ${most}, not '${given}'`);
  };
}

/** A list, each item read by `item`. */
export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (spot) => {
    if (!isSeq(spot.node)) throw spot.refusal(`must be a list, not ${kind(spot.node)}`);
    return spot.node.items.map((node, index) => item(deeper(spot, node as Node | null, `[${index}]`)));
  };
}

/** A mapping with free keys; `key` may refuse one. */
export function mapOf<T>(
  value: Shape<T>,
  key?: (name: string, spot: Spot) => void,
): Shape<Readonly<Record<string, T>>> {
  return (spot) =>
    Object.fromEntries(
      pairsOf(spot).map(([name, at, node]) => {
        key?.(name, at);
        return [name, value(deeper(at, node, ''))];
      }),
    );
}

/**
 * A mapping with known keys, all optional unless `required`; unknown ones are refused with the nearest known one. With
 * `anyCase`, letter case of keys does not matter, and the known spelling is what is returned.
 */
export function fields<const Shapes extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: Shapes,
  required: readonly (keyof Shapes & string)[] = [],
  letterCase: 'exactCase' | 'anyCase' = 'exactCase',
): Shape<Fields<Shapes>> {
  const known = Object.keys(shapes);
  const spelled = (name: string): string | undefined =>
    known.find((key) => key === name || (letterCase === 'anyCase' && key.toLowerCase() === name.toLowerCase()));
  return (spot) => {
    const read = new Map<string, unknown>();
    for (const [name, at, node] of pairsOf(spot)) {
      const key = spelled(name);
      const shape = key === undefined ? undefined : shapes[key];
      if (key === undefined || !shape) throw at.refusal(`this key is unknown: ${didYouMean(name, known)}`);
      if (read.has(camel(key))) throw at.refusal('this key is there twice');
      read.set(camel(key), shape(deeper(at, node, '')));
    }
    const missing = required.find((name) => !read.has(camel(name)));
    if (missing !== undefined) throw spot.refusal(`the key '${missing}' is missing`);
    return Object.fromEntries(read) as Fields<Shapes>;
  };
}

/** The keys of a mapping with the spots of their values; keys that come twice are refused. */
function pairsOf(spot: Spot): [name: string, at: Spot, value: Node | null][] {
  if (!isMap(spot.node)) throw spot.refusal(`must be a mapping of keys to values, not ${kind(spot.node)}`);
  const seen = new Set<string>();
  return spot.node.items.map(({ key, value }) => {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
    const at = deeper(spot, key as Node, name === undefined ? '' : `${spot.path === '' ? '' : '.'}${name}`);
    if (name === undefined) throw at.refusal('a key must be a text');
    if (seen.has(name)) throw at.refusal('this key is there twice');
    seen.add(name);
    return [name, at, value as Node | null];
  });
}

/** The spot of a node below; a missing node is placed where its key is. Aliases are followed. */
function deeper(spot: Spot, node: Node | null, step: string): Spot {
  if (++spot.course.steps > mostSteps)
    throw spot.refusal(`holds more than ${mostSteps} values, aliases counted each time`);
  const followed = isAlias(node) ? (spot.course.aliases.get(node) ?? null) : node;
  return spotAt(spot.course, followed, spot.path + step, node ?? spot.node ?? 0);
}

function spotAt(course: Course, node: Node | null, path: string, near: Node | number): Spot {
  const refusal = (problem: string, hint?: string): Fault =>
    course.document.refusal(near, path === '' ? problem : `${path}: ${problem}`, hint);
  if (!isPlainTag(node?.tag)) throw refusal(`the tag ${node?.tag} has no meaning here`);
  return { node, path, course, refusal };
}

/** What each alias stands for: the last anchor of its name before it. One that contains itself is refused. */
function aliasesOf(document: YamlDocument): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  visit(document.root ?? null, {
    Node: (_, node, parents) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (!target) throw document.refusal(node, `the alias *${node.source} stands for nothing`);
      if (parents.includes(target)) throw document.refusal(node, `the alias *${node.source} contains itself`);
      aliases.set(node, target);
    },
  });
  return aliases;
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function kind(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (isScalar(node) && node.value !== null) return `'${node.source ?? ''}'`;
  return 'empty';
}

/** An unquoted text with `: ` in it reads as a mapping: the commonest mistake of all. */
function mendFor(node: Node | null): string | undefined {
  return isMap(node) ? "a text that holds ': ' needs quotes around it" : undefined;
}
