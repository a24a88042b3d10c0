import { Fault } from '../../shared/fault.ts';
import { parseConditions } from './parse-conditions.ts';
import { parsePrincipals } from './parse-principals.ts';
import { listOf, malformed, objectAt, show, textList } from './shape.ts';
import type { PolicyDocument, Statement } from './types.ts';

/** Where a policy is to stand: it decides which elements a statement must have. */
export type PolicyPlace = 'identity' | 'resource' | 'trust';

/**
 * Reads a policy document (an object, or its JSON text). Throws MalformedPolicyDocument for what IAM refuses, with IAM's words where they
 * are known: an unknown element, effect or operator, a statement without actions. With a place it also checks what only matters there.
 * Source: the JSON policy element reference and the policy grammar of the IAM guide.
 */
export function parsePolicy(document: unknown, place?: PolicyPlace): PolicyDocument {
  const object = objectAt(typeof document === 'string' ? parseText(document) : document, 'policy', [
    'Version',
    'Id',
    'Statement',
  ]);
  const { Version: version, Statement: statement } = object;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('Version', `${show(version)}: The policy must contain a valid version string`);
  }
  if (statement === undefined) throw malformed('policy', 'has no Statement');
  const statements = listOf(statement).map((each, index) =>
    parseStatement(each, `Statement[${index}]`, version === '2012-10-17', place),
  );
  checkSids(statements);
  return { statements };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('MalformedPolicyDocument', `Syntax errors in policy: ${show(text)} is not valid JSON`);
  }
}

function checkSids(statements: readonly Statement[]): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined || sid === '') continue;
    if (seen.has(sid)) {
      throw malformed('Sid', `${show(sid)}: Statement IDs (SID) in a single policy must be unique.`);
    }
    seen.add(sid);
  }
}

const elements = ['Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal'] as const;
type Element = (typeof elements)[number];

function parseStatement(value: unknown, at: string, variables: boolean, place: PolicyPlace | undefined): Statement {
  const object = objectAt(value, at, ['Sid', 'Effect', 'Condition', ...elements]);
  const { Sid: sid, Effect: effect } = object;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformed(`${at}.Effect`, `${show(effect)} is neither Allow nor Deny`);
  }
  if (sid !== undefined && typeof sid !== 'string') throw malformed(`${at}.Sid`, `${show(sid)} is not text`);
  checkElements(object, at, effect, place);
  const texts = <Name extends keyof Statement>(element: Element, name: Name) =>
    object[element] === undefined ? {} : { [name]: textList(object[element], `${at}.${element}`) };
  const principals = <Name extends keyof Statement>(element: Element, name: Name) =>
    object[element] === undefined ? {} : { [name]: parsePrincipals(object[element], `${at}.${element}`) };
  const statement: Statement = {
    effect,
    ...(sid === undefined ? {} : { sid }),
    ...texts('Action', 'actions'),
    ...texts('NotAction', 'notActions'),
    ...texts('Resource', 'resources'),
    ...texts('NotResource', 'notResources'),
    ...principals('Principal', 'principals'),
    ...principals('NotPrincipal', 'notPrincipals'),
    conditions: parseConditions(object['Condition'], `${at}.Condition`),
    variables,
  };
  checkActions(statement, at);
  return statement;
}

function checkElements(
  object: Readonly<Record<string, unknown>>,
  at: string,
  effect: string,
  place: PolicyPlace | undefined,
): void {
  const has = (element: Element): boolean => object[element] !== undefined;
  for (const [one, other] of [
    ['Action', 'NotAction'],
    ['Resource', 'NotResource'],
    ['Principal', 'NotPrincipal'],
  ] as const) {
    if (has(one) && has(other)) throw malformed(at, `has both ${one} and ${other}`);
  }
  if (!has('Action') && !has('NotAction')) throw malformed(at, 'Policy statement must contain actions.');
  if (has('NotPrincipal') && effect === 'Allow') {
    throw malformed(at, 'NotPrincipal must be used with "Effect": "Deny"');
  }
  const principal = has('Principal') || has('NotPrincipal');
  const resource = has('Resource') || has('NotResource');
  if (place === 'identity' && principal) throw malformed(at, 'Policy document should not specify a principal.');
  if (place === 'identity' && !resource) throw malformed(at, 'Policy statement must contain resources.');
  if (place === 'trust' && resource) throw malformed(at, 'Has prohibited field Resource');
  if ((place === 'trust' || place === 'resource') && !principal) {
    throw malformed(at, 'Missing required field Principal');
  }
}

function checkActions({ actions, notActions }: Statement, at: string): void {
  const wrong = [...(actions ?? []), ...(notActions ?? [])].find(
    (action) => action !== '*' && !/^[^:]+:[^:]+$/.test(action),
  );
  if (wrong === undefined) return;
  throw malformed(at, `${show(wrong)}: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.`);
}
