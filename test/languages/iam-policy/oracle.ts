/**
 * The second opinion on IAM: the same rules written down again as plainly as possible, from the policy JSON itself, without sharing any code with
 * languages/iam-policy and without regard to time. Matching is by recursion, conditions are a switch, the decision is a list of questions.
 */
import type { Request } from '../../../languages/iam-policy/types.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Values = Readonly<Record<string, string | readonly string[]>>;
/** A statement as it is written. */
export type RawStatement = Readonly<Record<string, Json>>;

/** The policies of a request as they are written: each a list of statements. */
export interface RawPolicies {
  readonly identity: readonly (readonly RawStatement[])[];
  readonly boundary?: readonly RawStatement[];
  readonly session?: readonly (readonly RawStatement[])[];
  readonly resource?: readonly RawStatement[];
  readonly resourceKind?: 'trust' | 'key' | 'other';
  /** By level. */
  readonly serviceControl?: Readonly<Record<string, readonly (readonly RawStatement[])[]>>;
  readonly resourceControl?: Readonly<Record<string, readonly (readonly RawStatement[])[]>>;
}

/** Whether a request is allowed, by the book. */
export function oracle(request: Request, policies: RawPolicies): 'allowed' | 'explicit-deny' | 'implicit-deny' {
  const who = request.principal;
  const person = who.type === 'user' || who.type === 'root' || who.type === 'role-session';
  const serviceLinked = who.type === 'role-session' && who.roleArn.includes(':role/aws-service-role/');
  const passRole = request.action.toLowerCase() === 'iam:passrole';

  const identity = person ? policies.identity : [];
  const boundary = person ? policies.boundary : undefined;
  const session = person ? policies.session : undefined;
  const scps = person && !serviceLinked ? Object.values(policies.serviceControl ?? {}) : [];
  const rcps = serviceLinked ? [] : Object.values(policies.resourceControl ?? {});
  const resource = passRole ? undefined : policies.resource;
  const kind = passRole ? 'other' : (policies.resourceKind ?? 'other');
  const bounded = boundary !== undefined;

  const says = (effect: string, statements: readonly RawStatement[]): readonly RawStatement[] =>
    statements.filter((statement) => statement['Effect'] === effect && applies(statement, request, bounded));

  // 1. An explicit deny anywhere.
  const all = [...identity, boundary ?? [], ...(session ?? []), resource ?? [], ...scps.flat(), ...rcps.flat()];
  if (all.some((statements) => says('Deny', statements).length > 0)) return 'explicit-deny';

  // 2. What is impossible.
  if (kind === 'trust' && who.type === 'root') return 'implicit-deny';
  if (passRole && !(person && who.account === request.resourceAccount)) return 'implicit-deny';

  // 3. The organisation: every level allows.
  for (const level of [...scps, ...rcps]) {
    if (!level.some((statements) => says('Allow', statements).length > 0)) return 'implicit-deny';
  }

  // 4. Who grants.
  const grants = resource ? says('Allow', resource).map((statement) => howNamed(statement, request)) : [];
  if (!person) return grants.length > 0 ? 'allowed' : 'implicit-deny';
  const sameAccount = who.account === request.resourceAccount;
  const mustBeGranted = !sameAccount || kind === 'trust' || kind === 'key';
  if (mustBeGranted && grants.length === 0) return 'implicit-deny';
  if (sameAccount && grants.includes('self')) return 'allowed';

  // 5. What limits.
  const inBoundary = boundary === undefined || says('Allow', boundary).length > 0;
  const inSession =
    session === undefined || session.length === 0 || session.some((statements) => says('Allow', statements).length > 0);
  if (!inBoundary || !inSession) return 'implicit-deny';
  if (sameAccount && grants.includes('role')) return 'allowed';

  // 6. The principal's own policies.
  if (who.type === 'root') return 'allowed';
  return identity.some((statements) => says('Allow', statements).length > 0) ? 'allowed' : 'implicit-deny';
}

const list = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];
const texts = (value: Json | undefined): readonly string[] => list(value).map(String);

function applies(statement: RawStatement, request: Request, bounded: boolean): boolean {
  const { Principal: principal, NotPrincipal: notPrincipal } = statement;
  if (principal !== undefined && howNamed(statement, request) === undefined) return false;
  if (notPrincipal !== undefined && !bounded && excepted(notPrincipal, request)) return false;
  const action = request.action.toLowerCase();
  const named = (pattern: string): boolean => glob(pattern.toLowerCase(), action);
  if (statement['Action'] !== undefined && !texts(statement['Action']).some(named)) return false;
  if (statement['NotAction'] !== undefined && texts(statement['NotAction']).some(named)) return false;
  const about = (pattern: string): boolean => resource(pattern, request);
  if (statement['Resource'] !== undefined && !texts(statement['Resource']).some(about)) return false;
  if (statement['NotResource'] !== undefined && texts(statement['NotResource']).some(about)) return false;
  for (const [operator, keys] of Object.entries(
    (statement['Condition'] ?? {}) as Record<string, Record<string, Json>>,
  )) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (!condition(operator, key, texts(wanted), request.context)) return false;
    }
  }
  return true;
}

/** `self`: the caller; `role`: its role; `account`: its account. */
function howNamed(statement: RawStatement, request: Request): 'self' | 'role' | 'account' | undefined {
  const principal = statement['Principal'];
  const who = request.principal;
  if (principal === '*') return 'self';
  const names = principal as Readonly<Record<string, Json>>;
  const aws = texts(names['AWS']);
  if (aws.includes('*')) return 'self';
  if (who.type === 'anonymous') return undefined;
  if (who.type === 'service') return texts(names['Service']).includes(who.service) ? 'self' : undefined;
  const account = aws.includes(who.account) || aws.includes(`arn:aws:iam::${who.account}:root`);
  if (who.type === 'root') return account ? 'self' : undefined;
  if (aws.includes(who.arn)) return 'self';
  if (who.type === 'role-session' && aws.includes(who.roleArn)) return 'role';
  return account ? 'account' : undefined;
}

function excepted(names: Json, request: Request): boolean {
  const who = request.principal;
  if (names === '*') return true;
  const { AWS, Service } = names as Readonly<Record<string, Json>>;
  const aws = texts(AWS);
  if (aws.includes('*')) return true;
  if (who.type === 'anonymous') return false;
  if (who.type === 'service') return texts(Service).includes(who.service);
  const account = aws.includes(who.account) || aws.includes(`arn:aws:iam::${who.account}:root`);
  if (who.type === 'root') return account;
  return account && aws.includes(who.arn) && (who.type !== 'role-session' || aws.includes(who.roleArn));
}

/** A pattern is a list of characters; a star and a question mark that came from a variable are marked as literal. */
type Piece = { readonly wild: boolean; readonly character: string; readonly stays?: boolean };

const pieces = (text: string): readonly Piece[] =>
  [...text].map((character) => ({ wild: character === '*' || character === '?', character }));

function matches(pattern: readonly Piece[], text: readonly string[]): boolean {
  // reach[i]: the pattern up to here covers the first i characters.
  let reach = [true, ...text.map(() => false)];
  for (const { wild, character, stays } of pattern) {
    const next = reach.map(() => false);
    for (let i = 0; i <= text.length; i++) {
      if (!reach[i]) continue;
      if (wild && character === '*') {
        for (let j = i; j <= text.length && !(stays && text.slice(i, j).includes(':')); j++) next[j] = true;
      } else if (
        i < text.length &&
        ((wild && character === '?' && !(stays && text[i] === ':')) || text[i] === character)
      )
        next[i + 1] = true;
    }
    reach = next;
  }
  return reach[text.length] === true;
}

const glob = (pattern: string, text: string): boolean => matches(pieces(pattern), [...text]);

/** `${…}` replaced; undefined when a variable has no value. */
function expanded(text: string, context: Values): readonly Piece[] | undefined {
  const result: Piece[] = [];
  for (let i = 0; i < text.length; ) {
    const end = text.startsWith('${', i) ? text.indexOf('}', i) : -1;
    if (end < 0) {
      result.push(...pieces(text.charAt(i)));
      i++;
      continue;
    }
    const value = variable(text.slice(i + 2, end), context);
    if (value === undefined) return undefined;
    result.push(...[...value].map((character) => ({ wild: false, character })));
    i = end + 1;
  }
  return result;
}

function variable(inner: string, context: Values): string | undefined {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const [, key = inner, fallback] = /^([^,]*),\s*'(.*)'\s*$/.exec(inner) ?? [];
  const given = lookUp(key.trim(), context);
  return given?.length === 1 ? given[0] : fallback;
}

function lookUp(key: string, context: Values): readonly string[] | undefined {
  for (const [name, value] of Object.entries(context)) {
    if (name.toLowerCase() !== key.toLowerCase()) continue;
    const values = typeof value === 'string' ? [value] : value;
    return values.length === 0 ? undefined : values;
  }
  return undefined;
}

/** Five colons split an ARN into six parts, compared part by part; a shorter pattern that ends in a star covers the rest. */
function arn(pattern: readonly Piece[], text: string): boolean {
  const parts: Piece[][] = [[]];
  for (const piece of pattern) {
    if (piece.character === ':' && parts.length < 6) parts.push([]);
    else parts[parts.length - 1]?.push(piece);
  }
  const last = parts[parts.length - 1]?.at(-1);
  const open = last !== undefined && last.wild && last.character === '*';
  if (parts.length < 6 && !open)
    return pattern.map(({ character }) => character).join('') === text && !pattern.some(({ wild }) => wild);
  const given = text.split(':');
  if (given.length < parts.length) return false;
  const compared = [...given.slice(0, parts.length - 1), given.slice(parts.length - 1).join(':')];
  return parts.every((part, index) => matches(part, [...(compared[index] ?? '')]));
}

/** Before the fifth colon only a star that ends its segment goes beyond a colon. */
function confined(piece: Piece, index: number, pattern: readonly Piece[]): Piece {
  const inHead = pattern.slice(0, index).filter(({ character }) => character === ':').length < 5;
  const next = pattern[index + 1];
  const endsSegment = next === undefined || next.character === ':';
  return { ...piece, stays: piece.wild && inHead && !(piece.character === '*' && endsSegment) };
}

function resource(pattern: string, request: Request): boolean {
  const colonsBefore = pattern.split('${')[0]?.split(':').length ?? 0;
  if (pattern.includes('${') && colonsBefore <= 5) return false;
  const wanted = expanded(pattern, request.context);
  return wanted !== undefined && matches(wanted.map(confined), [...request.resource]);
}

function condition(written: string, key: string, wanted: readonly string[], context: Values): boolean {
  const quantifier = written.includes(':') ? written.split(':')[0] : undefined;
  const named = written.slice(written.indexOf(':') + 1);
  const ifExists = named.endsWith('IfExists');
  const operator = ifExists ? named.slice(0, -8) : named;
  const given = lookUp(key, context);
  if (operator === 'Null') {
    return wanted.map((each) => each.toLowerCase()).includes(given === undefined ? 'true' : 'false');
  }
  const negated = operator.includes('Not');
  const positive = operator.replace('Not', '');
  if (given === undefined) {
    if (ifExists || quantifier === 'ForAllValues') return true;
    return negated && quantifier !== 'ForAnyValue';
  }
  const one = (value: string): boolean => wanted.some((each) => compare(positive, value, each, context)) !== negated;
  if (quantifier === 'ForAllValues') return given.every((value) => value === '') || given.every(one);
  if (quantifier === 'ForAnyValue') return given.some(one);
  return negated ? given.every(one) : given.some(one);
}

function compare(operator: string, given: string, wanted: string, context: Values): boolean {
  const pattern = expanded(wanted, context);
  const plain = pattern?.map(({ character }) => character).join('');
  switch (operator) {
    case 'StringEquals':
      return given === plain;
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return plain !== undefined && given.toLowerCase() === plain.toLowerCase();
    case 'StringLike':
      return pattern !== undefined && matches(pattern, [...given]);
    case 'ArnEquals':
    case 'ArnLike':
      return pattern !== undefined && arn(pattern, given);
    case 'BinaryEquals':
      return given === wanted;
    case 'IpAddress':
      return inBlock(given, wanted);
    default:
      return ordered(operator, given, wanted);
  }
}

function ordered(operator: string, given: string, wanted: string): boolean {
  const number = (text: string) =>
    /^[-+]?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$/i.test(text) ? Number.parseFloat(text) : Number.NaN;
  const date = (text: string) => {
    const shape = text.replace(/[0-9]/g, 'd');
    if (/^d+$/.test(shape) && text.length !== 4) return Number.parseInt(text, 10) * 1000;
    return ['dddd', 'dddd-dd', 'dddd-dd-dd', 'dddd-dd-ddTdd:ddZ', 'dddd-dd-ddTdd:dd:ddZ'].includes(shape)
      ? new Date(text).getTime()
      : Number.NaN;
  };
  const read = operator.startsWith('Date') ? date : number;
  const difference = read(given) - read(wanted);
  if (Number.isNaN(difference)) return false;
  if (operator.endsWith('LessThan')) return difference < 0;
  if (operator.endsWith('LessThanEquals')) return difference <= 0;
  if (operator.endsWith('GreaterThan')) return difference > 0;
  if (operator.endsWith('GreaterThanEquals')) return difference >= 0;
  return difference === 0;
}

/** IPv4 only; the requests that are generated have no other. */
function inBlock(given: string, wanted: string): boolean {
  const [base = '', mask = '32'] = wanted.split('/');
  const bits = (address: string): string | undefined => {
    const octets = address.split('.').map(Number);
    if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255))
      return undefined;
    return octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  };
  const [one, other] = [bits(given), bits(base)];
  return one !== undefined && other !== undefined && one.slice(0, Number(mask)) === other.slice(0, Number(mask));
}
