import { Fault } from '../../shared/fault.ts';
import { operators } from './operators.ts';
import type { Condition, PolicyDocument, PrincipalSet, Statement } from './types.ts';

/**
 * Reads a policy document (an object, or its JSON text). Throws MalformedPolicyDocument for what IAM would refuse: an unknown element, effect
 * or condition operator, a statement without actions. Source: the JSON policy element reference of the IAM guide.
 */
export function parsePolicy(document: unknown): PolicyDocument {
  const parsed = typeof document === 'string' ? parseText(document) : document;
  const object = objectAt(parsed, 'policy', ['Version', 'Id', 'Statement']);
  if (object['Version'] !== undefined && object['Version'] !== '2012-10-17' && object['Version'] !== '2008-10-17') {
    throw malformed(`Version ${show(object['Version'])} is neither 2012-10-17 nor 2008-10-17`);
  }
  if (object['Statement'] === undefined) throw malformed('the policy has no Statement');
  return { statements: listOf(object['Statement']).map(parseStatement) };
}

const statementElements = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

function parseStatement(value: unknown, index: number): Statement {
  const at = `Statement[${index}]`;
  const object = objectAt(value, at, statementElements);
  const { Sid: sid, Effect: effect } = object;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw malformed(`${at}.Effect ${show(effect)} is neither Allow nor Deny`);
  if (sid !== undefined && typeof sid !== 'string') throw malformed(`${at}.Sid ${show(sid)} is not text`);
  exactlyOne(object, at, 'Action', 'NotAction');
  if (object['Principal'] !== undefined && object['NotPrincipal'] !== undefined)
    throw malformed(`${at} has both Principal and NotPrincipal`);
  if (object['Resource'] !== undefined && object['NotResource'] !== undefined)
    throw malformed(`${at} has both Resource and NotResource`);
  return {
    effect,
    ...(sid === undefined ? {} : { sid }),
    ...texts(object, at, 'Action', 'actions'),
    ...texts(object, at, 'NotAction', 'notActions'),
    ...texts(object, at, 'Resource', 'resources'),
    ...texts(object, at, 'NotResource', 'notResources'),
    ...(object['Principal'] === undefined
      ? {}
      : { principals: parsePrincipals(object['Principal'], `${at}.Principal`) }),
    ...(object['NotPrincipal'] === undefined
      ? {}
      : { notPrincipals: parsePrincipals(object['NotPrincipal'], `${at}.NotPrincipal`) }),
    conditions: parseConditions(object['Condition'], `${at}.Condition`),
  };
}

function exactlyOne(object: Record<string, unknown>, at: string, one: string, other: string): void {
  if ((object[one] === undefined) === (object[other] === undefined))
    throw malformed(`${at} must have either ${one} or ${other}`);
}

function texts(
  object: Record<string, unknown>,
  at: string,
  element: string,
  name: string,
): Record<string, readonly string[]> {
  if (object[element] === undefined) return {};
  return { [name]: textList(object[element], `${at}.${element}`) };
}

function textList(value: unknown, at: string): readonly string[] {
  return listOf(value).map((item) => {
    if (typeof item !== 'string') throw malformed(`${at} holds ${show(item)}, which is not text`);
    return item;
  });
}

function parsePrincipals(value: unknown, at: string): PrincipalSet {
  if (value === '*') return { anyone: true, aws: [], service: [] };
  const object = objectAt(value, at, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  const aws = textList(object['AWS'] ?? [], `${at}.AWS`);
  return {
    anyone: aws.includes('*'),
    aws: aws.filter((name) => name !== '*'),
    service: textList(object['Service'] ?? [], `${at}.Service`),
  };
}

function parseConditions(value: unknown, at: string): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(objectAt(value, at)).flatMap(([written, keys]) => {
    const [, quantifier, bare = '', ifExists] =
      /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
    if (!Object.hasOwn(operators, bare) && bare !== 'Null')
      throw malformed(`${at} has the unknown operator ${show(written)}`);
    return Object.entries(objectAt(keys, `${at}.${written}`)).map(([key, values]) => ({
      operator: bare,
      ...(quantifier === undefined ? {} : { quantifier: quantifier as 'ForAllValues' | 'ForAnyValue' }),
      ifExists: ifExists !== undefined,
      key,
      values: listOf(values).map((item) => scalarText(item, `${at}.${written}.${key}`)),
    }));
  });
}

function scalarText(value: unknown, at: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed(`${at} holds ${show(value)}, which is not text, a number or a boolean`);
}

function objectAt(value: unknown, at: string, elements?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${at} is ${show(value)} and not an object`);
  const unknown = elements && Object.keys(value).find((name) => !elements.includes(name));
  if (unknown !== undefined) throw malformed(`${at} has the unknown element ${show(unknown)}`);
  return value as Record<string, unknown>;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`the policy is not valid JSON: ${show(text)}`);
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 120);
const malformed = (subject: string) => new Fault('MalformedPolicyDocument', subject);
