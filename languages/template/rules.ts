import { Fault } from '../../shared/fault.ts';
import { evaluateExpression } from './conditions.ts';
import type { Scope, Template } from './types.ts';

/** Checks the assertions of `Rules` on parameter values; refuses with the descriptions of those that fail. Source: "Rules". */
export function checkRules(template: Template, scope: Pick<Scope, 'parameters' | 'pseudo'>): void {
  const none = (): undefined => undefined;
  for (const [name, rule] of Object.entries(template.rules)) {
    const path = ['Rules', name];
    const applies = rule.condition === undefined || evaluateExpression(rule.condition, template, scope, none, path);
    const failed = applies
      ? rule.assertions.filter(({ assert }) => !evaluateExpression(assert, template, scope, none, path))
      : [];
    if (failed.length > 0)
      throw new Fault(
        'ParametersInvalid',
        `${template.at(path)}: rule ${name} does not hold: ${failed.map(({ description }) => description ?? 'an assertion without description').join('; ')}`,
      );
  }
}
