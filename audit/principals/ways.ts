import { decide } from '../../languages/iam-policy/decide.ts';
import { naming } from '../../languages/iam-policy/principal.ts';
import type { NamedPolicy, Policies, Request, Statement } from '../../languages/iam-policy/types.ts';
import { globOf, resourceMatches } from '../../languages/iam-policy/wildcard.ts';
import { Fault } from '../../shared/fault.ts';
import { checkDecided, type Known, valuesOf, type Wanted } from './conditions.ts';
import { concerns, type Placed, placesIn, placeText } from './held.ts';
import { accountsIn, type Person } from './people.ts';

/** What is asked for, and the policies that hang on it. */
export interface Asked {
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** 12 digits. */
  readonly account: string;
  readonly policies: readonly NamedPolicy[];
  /** Only a trust policy, and a key's, has to speak also within its own account. */
  readonly kind?: Policies['resourceKind'];
  /** Keys in lower case whose values are not chosen here but by whoever asks. */
  readonly open?: ReadonlySet<string>;
}

/** A way in which somebody may do it: the statements that let them, and a request that they let through. */
export interface Way {
  readonly person: Person;
  /** The statements that allow it, the identity's before the resource's. */
  readonly by: readonly Placed[];
  /** Denials that it does not meet. */
  readonly past: readonly Placed[];
  /** Without the open keys. */
  readonly request: Request;
  /** What is asked of the open keys, all of it. */
  readonly open: readonly Wanted[];
}

/** Everything that the policies of somebody and of a resource say about an action. */
interface Reading {
  readonly identity: readonly Placed[] | undefined;
  readonly boundary: readonly Placed[] | undefined;
  readonly resource: readonly Placed[];
  readonly denials: readonly Placed[];
}

/** So many ways past the denials are tried. */
const mostTries = 10_000;

/**
 * Every way in which a person may do what is asked, one for each set of statements that together allow it. Exact over all values of the condition
 * keys: each allowing statement's conditions have to hold and one condition of each denial has to fail, which is decided key by key. What is found is
 * decided once more by languages/iam-policy. Throws ClaimUndecided for what is outside of the decided language.
 */
export function waysOf(person: Person, asked: Asked, named: Named = namedBy(asked)): readonly Way[] {
  const reading = readingOf(person, asked, named);
  return alternatives(person, asked, reading).flatMap((by) => solve(person, asked, by, reading));
}

/** The statements of resource policies that may name a person. */
type Named = (person: Person) => readonly Placed[];

/** Reads resource policies once for all people: a bus may have thousands of statements, of which each names one account. */
export function namedBy({ action, resource, policies }: Asked): Named {
  const general: Placed[] = [];
  const byAccount = new Map<string, Placed[]>();
  for (const place of placesIn(policies)) {
    if (!isAbout(place.statement, action, resource)) continue;
    const { principals } = place.statement;
    if (principals === undefined || principals.anyone || principals.service.length > 0) {
      general.push(place);
      continue;
    }
    for (const account of accountsIn(principals.aws))
      byAccount.set(account, [...(byAccount.get(account) ?? []), place]);
  }
  return ({ account }) => [...general, ...(byAccount.get(account) ?? [])];
}

const isAbout = (statement: Statement, action: string, resource: string): boolean =>
  concerns(statement, action) && isOn(statement, resource);

function readingOf(person: Person, { action, resource }: Asked, statements: Named): Reading {
  const about = ({ statement }: Placed): boolean => isAbout(statement, action, resource);
  const principal = person.principal(placeholder(person));
  const speaks = ({ statement }: Placed): boolean =>
    naming(statement, principal, person.boundary !== undefined) !== undefined;
  const own = person.identity && placesIn(person.identity).filter(about);
  const boundary = person.boundary && placesIn([person.boundary]).filter(about);
  const named = statements(person).filter(speaks);
  for (const place of [...(own ?? []), ...(boundary ?? []), ...named]) checkPlace(place);
  const allows = ({ statement }: Placed): boolean => statement.effect === 'Allow';
  const denies = ({ statement }: Placed): boolean => statement.effect === 'Deny';
  return {
    identity: own?.filter(allows),
    boundary: boundary?.filter(allows),
    resource: named.filter(allows),
    denials: [...(own ?? []), ...(boundary ?? []), ...named].filter(denies),
  };
}

/** An ARN that no policy names stands for those that are still to be found. */
function placeholder(person: Person): string {
  const known = person.known.get('aws:principalarn');
  return known && 'values' in known ? (known.values[0] ?? '') : `arn:aws:iam::${person.account}:role/anyone-else`;
}

function checkPlace(place: Placed): void {
  const name = placeText(place);
  checkDecided(place.statement, name);
  if (place.statement.notPrincipals) throw new Fault('ClaimUndecided', `${name} names principals with NotPrincipal`);
  const partly = place.statement.conditions.find(
    ({ key, values }) =>
      ['aws:principalarn', 'aws:principalaccount', 'aws:sourcearn', 'aws:sourceaccount'].includes(key.toLowerCase()) &&
      values.some((value) => isPartOfAccount(value.startsWith('arn:') ? (value.split(':')[4] ?? '') : value)),
  );
  if (partly) throw new Fault('ClaimUndecided', `${name} asks for a part of an account id in ${partly.key}`);
}

const isPartOfAccount = (account: string): boolean =>
  /^[\d*?]+$/.test(account) && /\d/.test(account) && /[*?]/.test(account);

/** Whether a statement is about a resource; it has no variables when it is decided, and one with variables may be. */
function isOn({ resources, notResources }: Statement, resource: string): boolean {
  const covers = (pattern: string): boolean =>
    pattern === resource || pattern.includes('${') || resourceMatches(globOf(pattern), resource);
  if (resources) return resources.some(covers);
  return notResources ? !notResources.some(covers) : true;
}

/** The sets of statements of which each allows, as {@link decide} has it. */
function alternatives(
  person: Person,
  { account, kind }: Asked,
  { identity, boundary, resource }: Reading,
): readonly (readonly Placed[])[] {
  const principal = person.principal(placeholder(person));
  if (principal.type === 'service' || principal.type === 'anonymous') return resource.map((each) => [each]);
  if (principal.type === 'root' && kind === 'trust') return [];
  const limits: readonly (readonly Placed[])[] = boundary === undefined ? [[]] : boundary.map((each) => [each]);
  // What an unknown administrator gives is not written anywhere.
  const own: readonly (readonly Placed[])[] = identity === undefined ? [[]] : identity.map((each) => [each]);
  const limited = own.flatMap((each) => limits.map((limit) => [...each, ...limit]));
  const named = (place: Placed) => naming(place.statement, principal, boundary !== undefined);
  const both = (): readonly (readonly Placed[])[] =>
    resource.flatMap((grant) => limited.map((each) => [...each, grant]));
  if (person.account !== account) return both();
  const byCaller = resource.filter((place) => named(place) === 'caller').map((place) => [place]);
  const byRole = resource
    .filter((place) => named(place) === 'role')
    .flatMap((place) => limits.map((limit) => [place, ...limit]));
  return [...byCaller, ...byRole, ...(kind === 'trust' || kind === 'key' ? both() : limited)];
}

/**
 * The requests that some statements let through, past all denials: one, or one for each way past the denials where these ask for keys that whoever asks
 * chooses.
 */
function solve(person: Person, asked: Asked, by: readonly Placed[], { denials }: Reading): readonly Way[] {
  const holding = by.flatMap(({ statement }) => statement.conditions.map((condition) => ({ condition, holds: true })));
  const isOpen = ({ condition }: Wanted): boolean => asked.open?.has(condition.key.toLowerCase()) === true;
  let tries = 0;
  const past = (index: number, wanted: readonly Wanted[]): readonly Way[] => {
    if (++tries > mostTries) throw tooMany(asked);
    const context = contextOf(wanted, person.known, asked);
    if (context === undefined) return [];
    const denial = denials[index];
    if (denial === undefined) return [wayOf(person, asked, by, denials, wanted, context)];
    const found: Way[] = [];
    const failing = denial.statement.conditions.map((condition) => ({ condition, holds: false }));
    for (const fails of [...failing.filter((each) => !isOpen(each)), ...failing.filter(isOpen)]) {
      // A way that leaves the open keys alone says more than one that asks for more of them.
      if (found.some(({ open }) => open.length === wanted.filter(isOpen).length)) break;
      found.push(...past(index + 1, [...wanted, fails]));
    }
    return found;
  };
  return past(0, holding);
}

const tooMany = ({ resource }: Asked): Fault =>
  new Fault('ClaimUndecided', `more than ${mostTries} ways past the denials on ${resource}`);

/** Values for all keys that are asked for or known; undefined when one of them cannot be as wanted. */
function contextOf(
  wanted: readonly Wanted[],
  known: ReadonlyMap<string, Known>,
  { action, open = new Set() }: Asked,
): Record<string, readonly string[]> | undefined {
  const byKey = new Map<string, Wanted[]>();
  for (const each of wanted) {
    const key = each.condition.key.toLowerCase();
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  const context: Record<string, readonly string[]> = {};
  for (const key of new Set([...known.keys(), ...byKey.keys()])) {
    if (open.has(key)) continue;
    const told = isForeign(key, action) ? absent : known.get(key);
    const values = valuesOf(byKey.get(key) ?? [], told ?? { constraints: [] });
    if (values === undefined) return undefined;
    if (values !== 'missing') context[key] = values;
  }
  return context;
}

const absent: Known = { values: [] };

/** Keys that only the calls of one service have; those of others, as `lambda:SourceFunctionArn`, may come with any call. Source: their pages in the Service Authorization Reference. */
const isForeign = (key: string, action: string): boolean =>
  ['events', 'sts'].includes(key.split(':')[0] ?? '') && key.split(':')[0] !== action.split(':')[0];

function wayOf(
  person: Person,
  asked: Asked,
  by: readonly Placed[],
  past: readonly Placed[],
  wanted: readonly Wanted[],
  context: Record<string, readonly string[]>,
): Way {
  const request: Request = {
    principal: person.principal(context['aws:principalarn']?.[0] ?? ''),
    action: asked.action,
    resource: asked.resource,
    resourceAccount: asked.account,
    context,
  };
  const open = wanted.filter(({ condition }) => asked.open?.has(condition.key.toLowerCase()));
  const way: Way = { person, by, past, request, open };
  if (open.length === 0) confirm(way, asked);
  return way;
}

/** Whether the policies allow a request of a way as languages/iam-policy decides it: what was found must not rest on the search alone. */
export function confirm({ person, request }: Pick<Way, 'person' | 'request'>, asked: Asked): void {
  const everything: NamedPolicy = {
    name: `what account ${person.account} gives`,
    document: { statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [], variables: false }] },
  };
  const decision = decide(request, {
    identity: person.identity ?? [everything],
    ...(person.boundary === undefined ? {} : { boundary: person.boundary }),
    ...(asked.policies.length === 0 ? {} : { resource: joined(asked.policies), resourceKind: asked.kind ?? 'other' }),
  });
  if (!decision.allowed)
    throw new Error(`a way was found that is none: ${request.action} on ${request.resource}: ${decision.explanation}`);
}

/** All that hangs on a resource as one policy, as services keep it. */
const joined = (policies: readonly NamedPolicy[]): NamedPolicy => ({
  name: policies.map(({ name }) => name).join(', '),
  document: { statements: policies.flatMap(({ document }) => document.statements) },
});
