import { Fault } from '../../shared/fault.ts';

/** A refusal of a policy: where in it, and what is wrong there. */
export const malformed = (at: string, wrong: string): Fault => new Fault('MalformedPolicyDocument', `${at} ${wrong}`);

/** A value as it stands in a message. */
export function show(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? 'undefined').slice(0, 120);
  } catch {
    return 'a value that is nested too deep';
  }
}

/** An element that may be one value or a list of them. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** A text or a list of texts; not empty. */
export function textList(value: unknown, at: string): readonly string[] {
  const items = listOf(value);
  if (items.length === 0) throw malformed(at, 'is an empty list');
  return items.map((item) => {
    if (typeof item !== 'string') throw malformed(at, `holds ${show(item)}, which is not text`);
    return item;
  });
}

/** An object, with none but the given elements. */
export function objectAt(value: unknown, at: string, elements?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(at, `is ${show(value)} and not an object`);
  }
  const unknown = elements && Object.keys(value).find((name) => !elements.includes(name));
  if (unknown !== undefined) throw malformed(at, `has the unknown element ${show(unknown)}`);
  return value as Readonly<Record<string, unknown>>;
}
