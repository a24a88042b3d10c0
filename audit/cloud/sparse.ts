import type { Properties } from './values.ts';

/** Resolves one intrinsic function or a text with references; undefined where it gives no value. */
type Resolve = (value: unknown) => unknown;

/** Whether a value is the same in every stack: it has no intrinsic function and no dynamic reference. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('{{');
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  for (const key in value) {
    if (isFunction(key)) return false;
    if (!isPlain((value as Properties)[key])) return false;
  }
  return true;
}

const isFunction = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::');

/** Resolves what is to be resolved in a value and leaves the rest as it is. */
function sparsely(value: unknown, resolve: Resolve): unknown {
  if (isPlain(value)) return value;
  if (typeof value === 'string' || callsFunction(value)) return resolve(value);
  if (Array.isArray(value)) return value.map((item) => sparsely(item, resolve)).filter((item) => item !== undefined);
  const entries = Object.entries(value as Properties).map(([key, item]) => [key, sparsely(item, resolve)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** Such an object is resolved as a whole, which also refuses a function that stands beside other keys. */
function callsFunction(value: unknown): boolean {
  for (const key in value as Properties) if (isFunction(key)) return true;
  return false;
}

/**
 * The properties of a resource, of which each is resolved when it is first read: most are never asked for, and most of the others hold nothing to
 * resolve. What has no value is not there.
 */
export function lazily(written: Properties, resolve: Resolve): Properties {
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    if (isPlain(value)) properties[key] = value;
    else if (typeof value === 'string' || !callsFunction(value))
      define(properties, key, () => sparsely(value, resolve));
    else {
      // Only a function as a whole may give no value.
      const resolved = resolve(value);
      if (resolved !== undefined) properties[key] = resolved;
    }
  }
  return properties;
}

function define(properties: Record<string, unknown>, key: string, read: () => unknown): void {
  Object.defineProperty(properties, key, {
    configurable: true,
    enumerable: true,
    get: () => {
      const value = read();
      Object.defineProperty(properties, key, { configurable: true, enumerable: true, writable: true, value });
      return value;
    },
  });
}
