import type { Fault } from '../../shared/fault.ts';
import { shown, templateInvalid, written } from './refusals.ts';
import type { Scope } from './types.ts';

/** What an intrinsic function works with. */
export interface Context {
  readonly scope: Scope;
  /** Where the function stands in the template, for errors. */
  readonly path: readonly (string | number)[];
  /** Inside `Conditions` and `Rules`, where the logical functions are known and resources are not. */
  readonly logical: boolean;
  condition(name: string): boolean | undefined;
  /** Resolves an argument that stands `steps` deeper; may return {@link noValue}. */
  resolve(value: unknown, ...steps: (string | number)[]): unknown;
}

/** An intrinsic function: from its unresolved argument, which is well formed (signatures.ts), to its value. */
export type Intrinsic = (argument: unknown, context: Context) => unknown;

/** What `AWS::NoValue` gives: the property or list element that holds it disappears. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

/** The refusal of an intrinsic function, with its path in the template. */
export function templateError(context: Pick<Context, 'path'>, text: string): Fault {
  return templateInvalid(context.path.length > 0 ? written(context.path) : 'template', text);
}

/** A resolved value as text, as CloudFormation joins it; lists and objects have none. */
export function asText(value: unknown, context: Context, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError(context, `Template error: ${what} must be a string, not ${given(value)}`);
}

/** A resolved value as a list. */
export function asList(value: unknown, context: Context, what: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw templateError(context, `Template error: ${what} must be a list, not ${given(value)}`);
}

function given(value: unknown): string {
  return value === noValue ? 'AWS::NoValue' : shown(value);
}
