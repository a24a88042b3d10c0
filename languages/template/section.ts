import type { Fault } from '../../shared/fault.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { isObject, shown, templateInvalid, written } from './refusals.ts';
import type { Template } from './types.ts';

type Path = readonly (string | number)[];

/** An object of the template, with the questions its readers ask and the place for their refusals. */
export interface Section {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: Path;
  /** The object under a key, empty when the key is missing. */
  section(key: string): Section;
  /** The text under a key; refuses anything else. */
  text(key: string): string | undefined;
  /** Refuses keys that are not known, with the nearest known one. */
  allowOnly(known: readonly string[]): void;
  /** The section without the keys that `left` accepts. */
  without(left: (key: string) => boolean): Section;
  /** Reads every value, each of which has to be an object. */
  map<T>(read: (section: Section, key: string) => T): Record<string, T>;
  refusal(text: string, deeper?: Path): Fault;
}

/** Opens an object at a path; refuses everything that is no object. */
export function readSection(value: unknown, where: { at: Template['at']; path: Path; what: string }): Section {
  const { at, path } = where;
  const refusal = (text: string, deeper: Path = []): Fault => templateInvalid(at([...path, ...deeper]), text);
  if (!isObject(value)) throw refusal(`Template format error: ${where.what} must be an object, not ${shown(value)}`);
  const open = (key: string): Section => {
    const deeper = [...path, key];
    return readSection(own(value, key) ?? {}, { at, path: deeper, what: written(deeper) });
  };
  return {
    value,
    path,
    section: open,
    text: (key) => {
      const text = own(value, key);
      if (text !== undefined && typeof text !== 'string')
        throw refusal(`${key} must be a text, not ${shown(text)}`, [key]);
      return text;
    },
    allowOnly: (known) => {
      for (const key of Object.keys(value))
        if (!known.includes(key))
          throw refusal(`unknown key '${key}' in ${where.what}: ${didYouMean(key, known)}`, [key]);
    },
    without: (left) => readSection(Object.fromEntries(Object.entries(value).filter(([key]) => !left(key))), where),
    map: (read) => Object.fromEntries(Object.keys(value).map((key) => [key, read(open(key), key)])),
    refusal,
  };
}

/** The value of an object's own key: a template may well use names such as `constructor`. */
export function own<T>(value: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
