import { isObject, shown, templateInvalid } from './refusals.ts';
import { own } from './section.ts';
import type { Template } from './types.ts';

type Path = readonly (string | number)[];
type Values = Readonly<Record<string, unknown>>;

interface Expansion {
  /** Parameter values, or undefined before they are known. */
  readonly parameters: Values | undefined;
  readonly at: Template['at'];
  readonly variables: Readonly<Record<string, string>>;
  /** Values made so far: loops within loops multiply, so one limit holds for all of them. */
  readonly course: { values: number };
}

const prefix = 'Fn::ForEach::';
const mostEntries = 1000;
const deepestLoops = 5;
const mostValues = 50_000;

/** True for the key of a loop, `Fn::ForEach::<name>`. */
export function isLoop(key: string): boolean {
  return key.startsWith(prefix);
}

/** Expands the loops whose collections are literal; those that need parameters stay for {@link expandLoops}. */
export function expandLiteralLoops(source: Values, transforms: readonly string[], at: Template['at']): Values {
  if (!transforms.includes('AWS::LanguageExtensions')) return source;
  return expandSections(source, { parameters: undefined, at, variables: {}, course: { values: 0 } });
}

/** Expands every loop of a whole template's plain values. Source: "Fn::ForEach" in the CloudFormation guide. */
export function expandAllLoops(source: Values, parameters: Values, at: Template['at']): Values {
  return expandSections(source, { parameters, at, variables: {}, course: { values: 0 } });
}

function expandSections(source: Values, expansion: Expansion): Values {
  const entries = Object.entries(source).map(([key, section]) =>
    ['Conditions', 'Resources', 'Outputs'].includes(key) ? [key, expand(section, [key], expansion)] : [key, section],
  );
  return Object.fromEntries(entries) as Values;
}

function expand(value: unknown, path: Path, expansion: Expansion): unknown {
  if (++expansion.course.values > mostValues)
    throw templateInvalid(expansion.at(path), `loops make more than ${mostValues} values`);
  if (typeof value === 'string') return substitute(value, expansion.variables);
  if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index], expansion));
  if (!isObject(value)) return value;
  const ref = value['Ref'];
  if (typeof ref === 'string' && Object.keys(value).length === 1)
    return own(expansion.variables, ref) ?? { Ref: substitute(ref, expansion.variables) };
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] =>
    isLoop(key)
      ? expandLoop(key, item, [...path, key], expansion)
      : [[substitute(key, expansion.variables), expand(item, [...path, key], expansion)]],
  );
  const keys = new Set<string>();
  for (const [key] of entries) {
    if (keys.has(key)) throw templateInvalid(expansion.at(path), `Fn::ForEach yields the key '${key}' twice`);
    keys.add(key);
  }
  return Object.fromEntries(entries);
}

function expandLoop(key: string, value: unknown, path: Path, expansion: Expansion): [string, unknown][] {
  const refuse = (text: string): Error => templateInvalid(expansion.at(path), `${key}: ${text}`);
  const depth = path.filter((step) => typeof step === 'string' && isLoop(step)).length;
  if (depth > deepestLoops) throw refuse(`loops nest deeper than ${deepestLoops}`);
  if (!Array.isArray(value) || value.length !== 3)
    throw refuse('needs three elements: an identifier, a collection and the fragment to repeat');
  const [identifier, collection, fragment] = value as unknown[];
  if (typeof identifier !== 'string' || !/^[A-Za-z0-9]+$/.test(identifier))
    throw refuse(`the identifier must be alphanumeric, not ${shown(identifier)}`);
  if (Object.hasOwn(expansion.variables, identifier)) throw refuse(`the identifier ${identifier} is in use already`);
  if (!isObject(fragment)) throw refuse('the fragment to repeat must be an object');
  const items = collectionOf(collection, expansion, refuse);
  if (items === undefined) return [[key, value]];
  const entries: [string, unknown][] = [];
  for (const item of items) {
    const variables = { ...expansion.variables, [identifier]: item };
    entries.push(...Object.entries(expand(fragment, path, { ...expansion, variables }) as Values));
    if (entries.length > mostEntries) throw refuse(`makes more than ${mostEntries} entries`);
  }
  return entries;
}

/** The texts of a collection: a list of texts and references to parameters, or a reference to a list parameter. */
function collectionOf(
  collection: unknown,
  expansion: Expansion,
  refuse: (text: string) => Error,
): string[] | undefined {
  if (Array.isArray(collection)) {
    const lists = collection.map((item: unknown) =>
      typeof item === 'string' ? [substitute(item, expansion.variables)] : collectionOf(item, expansion, refuse),
    );
    return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? []);
  }
  const name = isObject(collection) && Object.keys(collection).join() === 'Ref' ? collection['Ref'] : undefined;
  if (typeof name !== 'string')
    throw refuse(`the collection must be a list or the Ref of a parameter, not ${shown(collection)}`);
  const variable = own(expansion.variables, name);
  if (variable !== undefined) return [String(variable)];
  if (!expansion.parameters) return undefined;
  const parameter = own(expansion.parameters, name);
  if (typeof parameter === 'string') return [parameter];
  if (Array.isArray(parameter)) return parameter.map(String);
  throw refuse(`the collection refers to ${name}, which is no parameter`);
}

/** Puts loop variables into `${Name}`, and the alphanumeric part of their values into `&{Name}`. */
function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  if (!text.includes('{')) return text;
  return text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, sign: string, name: string) => {
    const value = own(variables, name);
    if (typeof value !== 'string') return whole;
    return sign === '&' ? value.replace(/[^A-Za-z0-9]/g, '') : value;
  });
}
