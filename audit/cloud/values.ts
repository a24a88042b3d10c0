/** Resolved properties of a resource: JSON of any shape, since templates come from anybody. */
export type Properties = Readonly<Record<string, unknown>>;

/** An object, or one without keys for anything else. */
export const objectIn = (value: unknown): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};

/** A list; a single value is a list of one, as CloudFormation and IAM have it; nothing is an empty list. */
export const listIn = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : value === undefined || value === null ? [] : [value];

/** A text; numbers and booleans are written out; anything else is undefined. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A number, also one that is written as a text. */
export function numberIn(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isNaN(number) ? undefined : number;
}

/** Whether a value says yes, as a boolean or as a text. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true';
