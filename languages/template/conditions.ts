import { templateError } from './context.ts';
import { shown, templateInvalid } from './refusals.ts';
import { resolveIn } from './resolve.ts';
import { own } from './section.ts';
import type { Scope, Template } from './types.ts';

/**
 * Evaluates every condition; they may name each other in any order. A cycle is refused with its path, a reference to a
 * resource with AWS's text.
 */
export function evaluateConditions(
  template: Template,
  scope: Pick<Scope, 'parameters' | 'pseudo'>,
): Record<string, boolean> {
  const values = new Map<string, boolean>();
  const open: string[] = [];
  const evaluate = (name: string): boolean | undefined => {
    const known = values.get(name);
    if (known !== undefined || !Object.hasOwn(template.conditions, name)) return known;
    if (open.includes(name)) throw circular(template, [...open.slice(open.indexOf(name)), name]);
    open.push(name);
    const value = evaluateExpression(own(template.conditions, name), template, scope, evaluate, ['Conditions', name]);
    open.pop();
    values.set(name, value);
    return value;
  };
  return Object.fromEntries(Object.keys(template.conditions).map((name) => [name, evaluate(name) ?? false]));
}

/** One condition or rule: true or false, or a refusal. */
export function evaluateExpression(
  expression: unknown,
  template: Template,
  scope: Pick<Scope, 'parameters' | 'pseudo'>,
  condition: (name: string) => boolean | undefined,
  path: readonly (string | number)[],
): boolean {
  const complete: Scope = { ...scope, mappings: template.mappings };
  const value = resolveIn(expression, { scope: complete, condition, logical: true }, path);
  if (value === true || value === false) return value;
  throw templateError({ path }, `Template format error: every condition must be true or false, not ${shown(value)}`);
}

function circular(template: Template, names: readonly string[]): Error {
  const [name = ''] = names;
  return templateInvalid(
    template.at(['Conditions', name]),
    `Template format error: Circular dependencies for condition ${name}: ${names.join(' → ')}`,
  );
}
