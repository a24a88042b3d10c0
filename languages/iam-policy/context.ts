import type { Request } from './types.ts';

/** The condition keys of a request. Names are compared without regard to case; a key without values is missing. */
export class ContextKeys {
  private readonly values = new Map<string, readonly string[]>();

  constructor(context: Request['context']) {
    for (const [key, value] of Object.entries(context)) {
      const values = typeof value === 'string' ? [value] : value;
      if (values.length > 0) this.values.set(key.toLowerCase(), values);
    }
  }

  /** The values of a key, or undefined when the request has none. */
  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase());
  }
}
