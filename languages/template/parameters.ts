import vm from 'node:vm';
import { Fault } from '../../shared/fault.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { own } from './section.ts';
import type { ParameterDefinition, Template } from './types.ts';

const longestValue = 4096;
/** Long enough that a busy machine never reaches it, short enough that a hostile pattern does no harm. */
const patternMilliseconds = 1000;
const storeType = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * The value of every parameter, as `Ref` gives it: texts, and lists of texts for list types (a Number stays a text, as in
 * CloudFormation). Refuses with `ParametersInvalid` and AWS's text: unknown and missing parameters, values outside the
 * constraints, names that the parameter store does not know.
 */
export function resolveParameters(
  template: Template,
  given: Readonly<Record<string, string>>,
  ssm: (name: string) => string | undefined = () => undefined,
): Record<string, string | string[]> {
  const names = Object.keys(template.parameters);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Fault(
      'ParametersInvalid',
      `Parameters: [${unknown.join(', ')}] do not exist in the template`,
      names.length > 0 ? didYouMean(unknown[0] ?? '', names) : 'the template has no parameters',
    );
  const missing = names.filter((name) => (own(given, name) ?? template.parameters[name]?.default) === undefined);
  if (missing.length > 0) throw new Fault('ParametersInvalid', `Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(
    Object.entries(template.parameters).map(([name, definition]) => {
      const value = String(own(given, name) ?? definition.default);
      checkConstraints(name, value, definition);
      return [name, typed(name, value, definition.type, ssm)];
    }),
  );
}

/** Parameter values as they may be shown: `NoEcho` ones are stars. */
export function shownParameters(
  template: Template,
  values: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      template.parameters[name]?.noEcho ? '****' : typeof value === 'string' ? value : value.join(','),
    ]),
  );
}

function typed(
  name: string,
  value: string,
  type: string,
  ssm: (name: string) => string | undefined,
): string | string[] {
  const stored = storeType.exec(type)?.[1];
  if (stored !== undefined) {
    const found = ssm(value);
    if (found === undefined)
      throw new Fault(
        'ParametersInvalid',
        `Unable to fetch parameters [${value}] from parameter store for this account.`,
        `put the parameter ${value} into the parameter store, or give ${name} another name`,
      );
    return typed(name, found, stored, ssm);
  }
  if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) return single(name, value, type);
  const items = value === '' ? [] : value.split(',').map((item) => item.trim());
  return type === 'List<Number>' ? items.map((item) => single(name, item, 'Number')) : items;
}

function single(name: string, value: string, type: string): string {
  if (type === 'Number' && !isNumber(value))
    throw new Fault('ParametersInvalid', `Parameter '${name}' must be a number, not '${value}'.`);
  return value;
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

function checkConstraints(name: string, value: string, definition: ParameterDefinition): void {
  const refuse = (text: string): Fault => {
    const reason = definition.constraintDescription ?? text;
    return new Fault('ParametersInvalid', `Parameter '${name}' failed to satisfy constraint: ${reason}`);
  };
  if (value.length > longestValue) throw refuse(`Member must have length less than or equal to ${longestValue}`);
  const { allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue, type } = definition;
  const items =
    type === 'CommaDelimitedList' || type.startsWith('List<') ? value.split(',').map((item) => item.trim()) : [value];
  if (allowedValues && !items.every((item) => allowedValues.includes(item)))
    throw new Fault(
      'ParametersInvalid',
      `Parameter '${name}' must be one of AllowedValues`,
      `allowed: ${allowedValues.join(', ')}`,
    );
  if (minLength !== undefined && value.length < minLength)
    throw refuse(`Member must have length greater than or equal to ${minLength}`);
  if (maxLength !== undefined && value.length > maxLength)
    throw refuse(`Member must have length less than or equal to ${maxLength}`);
  if (type === 'Number' && minValue !== undefined && Number(value) < minValue)
    throw refuse(`Member must have value greater than or equal to ${minValue}`);
  if (type === 'Number' && maxValue !== undefined && Number(value) > maxValue)
    throw refuse(`Member must have value less than or equal to ${maxValue}`);
  if (allowedPattern !== undefined && !allMatch(name, allowedPattern, items))
    throw refuse(`Parameter value ${definition.noEcho ? '****' : value} does not match pattern ${allowedPattern}`);
}

/**
 * The whole of every value has to match. Patterns come from users, so matching that takes too long is cut off, all values together. Java lets any character
 * that is no letter be escaped, which JavaScript does in its older mode alone.
 */
function allMatch(name: string, pattern: string, values: readonly string[]): boolean {
  const source = `
    const read = (text) => { try { return new RegExp(text, 'su'); } catch { return new RegExp(text, 's'); } };
    read(pattern);
    const whole = read('^(?:' + pattern + ')$');
    values.every((value) => whole.test(value));`;
  try {
    return vm.runInNewContext(source, { pattern, values: [...values] }, { timeout: patternMilliseconds }) as boolean;
  } catch (error) {
    const problem =
      (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
        ? 'takes too long'
        : 'is no regular expression';
    throw new Fault(
      'ParametersInvalid',
      `the AllowedPattern ${pattern} of parameter '${name}' ${problem}`,
      'simplify the pattern',
    );
  }
}
