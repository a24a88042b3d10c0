import { ActionFailure } from '../actions/action.ts';
import type { RuleProvider } from './rule.ts';

const longestPattern = 200;

const holds: Readonly<Record<string, (value: string, expected: string) => boolean>> = {
  EQ: (value, expected) => value === expected,
  NE: (value, expected) => value !== expected,
  CONTAINS: (value, expected) => value.includes(expected),
  MATCHES: (value, expected) => patternOf(expected).test(value),
};

/** VariableCheck: a variable's value against an expected one. */
export const variableCheck: RuleProvider = {
  simplified: 'MATCHES reads ECMAScript patterns of at most 200 characters without nested repetition, not Java ones.',
  required: ['Variable', 'Value', 'Operator'],
  optional: [],
  ask: ({ configuration, rule }) => {
    const { Variable: value = '', Value: expected = '', Operator: operator = '' } = configuration;
    const check = Object.hasOwn(holds, operator) ? holds[operator] : undefined;
    if (check === undefined)
      throw new ActionFailure(
        'ConfigurationError',
        `Operator '${operator}' is none of ${Object.keys(holds).join(', ')}`,
      );
    if (!check(value, expected))
      throw new ActionFailure(
        'JobFailed',
        `${rule.configuration['Variable']} is '${value}', which is not ${operator} '${expected}'`,
      );
    return `${value} ${operator} ${expected}`;
  },
};

/** A repetition of a repetition can take a machine's lifetime to fail, so it is refused. */
function patternOf(text: string): RegExp {
  if (text.length > longestPattern || /[*+}][^(]*\)[*+{]/.test(text) || /\)[*+{]/.test(text))
    throw new ActionFailure(
      'ConfigurationError',
      `Value '${text.slice(0, 60)}' is too long or repeats a group: it is not judged locally`,
    );
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    throw new ActionFailure('ConfigurationError', `Value '${text}' is no valid pattern`);
  }
}
