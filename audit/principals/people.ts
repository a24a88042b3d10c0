import type { NamedPolicy, RequestPrincipal, Statement } from '../../languages/iam-policy/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import type { Known } from './conditions.ts';
import { exactly, like, type TextConstraint } from './text-pattern.ts';

/**
 * Somebody who may ask: a role of the templates, somebody whom a policy names, a service on behalf of something, or anyone else of an account.
 * Only what policies can tell apart is told apart.
 */
export interface Person {
  readonly kind: 'role' | 'named' | 'service' | 'anyone';
  /** Empty for services. */
  readonly account: string;
  /** How sentences name them. */
  readonly name: string;
  /** The role of the templates. */
  readonly role?: CloudResource;
  /** Condition keys in lower case, and what is known of them; keys that are not there may have any value or none. */
  readonly known: ReadonlyMap<string, Known>;
  /** Undefined: whatever the administrators of that account give them. */
  readonly identity: readonly NamedPolicy[] | undefined;
  readonly boundary?: NamedPolicy;
  /** The principal, by the value that was found for aws:PrincipalArn. */
  principal(arn: string): RequestPrincipal;
}

/** An organisation that no template names. */
const strangerAccount = '999999999999';

const oneOf = (...texts: readonly string[]): Known => ({
  constraints: [{ patterns: texts.map(exactly), within: true }],
  missing: false,
});
const is = (...values: readonly string[]): Known => ({ values });

/** What AssumeRole takes as an external id. Source: its page in the STS API reference. */
const externalId: Known = {
  constraints: [{ patterns: [like('??*')], within: true, alphabet: /^[\w+=,.@:/-]$/ }],
};

/** What every request has. */
const everyRequest = (
  account: string,
  region: string,
  organisation: string | undefined,
): readonly (readonly [string, Known])[] => [
  ['aws:securetransport', oneOf('true', 'false')],
  ['events:eventbusinvocation', oneOf('false', 'true')],
  ['sts:externalid', externalId],
  ['aws:resourceaccount', is(account)],
  // IAM and STS are asked in any region.
  ...(region === '' ? [] : [['aws:requestedregion', is(region)] as const]),
  ...(organisation === undefined ? [] : [['aws:resourceorgid', is(organisation)] as const]),
];

/** Where somebody asks: the resource's account and region, and the organisation of the accounts of the templates. */
export interface Surroundings {
  readonly account: string;
  readonly region: string;
  readonly organisation?: string;
  /** The ARNs of the roles that the templates make in an account. */
  readonly rolesOf?: (account: string) => ReadonlySet<string> | undefined;
}

const ofCaller = (account: string, type: string, organisation: Known): readonly (readonly [string, Known])[] => [
  ['aws:principalaccount', is(account)],
  ['aws:principaltype', is(type)],
  ['aws:principalisawsservice', is('false')],
  ['aws:principalservicename', is()],
  ['aws:principalorgid', organisation],
  ['aws:sourcearn', is()],
  ['aws:sourceaccount', is()],
  ['aws:sourceorgid', is()],
];

const member = (organisation: string | undefined): Known => (organisation === undefined ? is() : is(organisation));

const sessionOf = (roleArn: string): RequestPrincipal => {
  const account = roleArn.split(':')[4] ?? '';
  const arn = `arn:aws:sts::${account}:assumed-role/${roleArn.split('/').at(-1) ?? ''}/session`;
  return { type: 'role-session', account, arn, roleArn };
};

/** A role of the templates. */
export function rolePerson(
  role: CloudResource,
  identity: readonly NamedPolicy[],
  boundary: NamedPolicy | undefined,
  at: Surroundings,
): Person {
  const tags = listIn(role.properties['Tags']).map((tag) => {
    const { Key, Value } = objectIn(tag);
    return [`aws:principaltag/${textIn(Key) ?? ''}`.toLowerCase(), is(textIn(Value) ?? '')] as const;
  });
  return {
    kind: 'role',
    account: role.account,
    name: role.arn,
    role,
    identity,
    ...(boundary === undefined ? {} : { boundary }),
    known: new Map<string, Known>([
      ...everyRequest(at.account, at.region, at.organisation),
      ...ofCaller(role.account, 'AssumedRole', member(at.organisation)),
      ['aws:principalarn', is(role.arn)],
      ...tags,
    ]),
    principal: () => sessionOf(role.arn),
  };
}

/** A user, role or session that a policy names and no template makes. */
export function namedPerson(arn: string, at: Surroundings): Person {
  const account = arn.split(':')[4] ?? '';
  const session = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  const isUser = arn.includes(':user/');
  const principalArn: Known =
    session === null
      ? is(arn)
      : {
          constraints: [{ patterns: [like(`arn:aws:iam::${account}:role*/${session[1]}`)], within: true }],
          missing: false,
        };
  return {
    kind: 'named',
    account,
    name: arn,
    identity: undefined,
    known: new Map<string, Known>([
      ...everyRequest(at.account, at.region, at.organisation),
      ...ofCaller(account, isUser ? 'User' : 'AssumedRole', member(at.organisation)),
      ['aws:principalarn', principalArn],
    ]),
    principal: (found) => {
      if (isUser) return { type: 'user', account, arn };
      return session === null ? sessionOf(arn) : { type: 'role-session', account, arn, roleArn: found };
    },
  };
}

/** Anyone else of an account: users, the root user, and roles that no template makes. */
function others(account: string, at: Surroundings, organisation: Known): readonly Person[] {
  const other = at.rolesOf?.(account);
  const ours: readonly TextConstraint[] = other ? [{ patterns: [], within: false, other }] : [];
  const of = (type: 'user' | 'role-session' | 'root', principalArn: Known): Person => ({
    kind: 'anyone',
    account,
    name: `anyone of account ${account}`,
    identity: undefined,
    known: new Map<string, Known>([
      ...everyRequest(at.account, at.region, at.organisation),
      ...ofCaller(account, { user: 'User', 'role-session': 'AssumedRole', root: 'Account' }[type], organisation),
      ['aws:principalarn', principalArn],
    ]),
    principal: (arn) => (type === 'role-session' ? sessionOf(arn) : { type, account, arn }),
  });
  const below = (kind: string, more: readonly TextConstraint[]): Known => ({
    constraints: [
      { patterns: [like(`arn:aws:iam::${account}:${kind}/?*`)], within: true },
      { patterns: [like('*/')], within: false },
      ...more,
    ],
    missing: false,
  });
  return [
    of('role-session', below('role', ours)),
    of('user', below('user', [])),
    of('root', is(`arn:aws:iam::${account}:root`)),
  ];
}

/** Accounts that some values of conditions or principals name. */
export const accountsIn = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.flatMap((text) =>
      /^\d{12}$/.test(text) ? [text] : (/^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(text)?.[1] ?? []),
    ),
  ),
];

const valuesOn = (statements: readonly Statement[], keys: readonly string[]): readonly string[] =>
  statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values }) => (keys.includes(key.toLowerCase()) ? values : [])),
  );

/** Everybody outside the resource's own account, and outside the templates, whom a resource policy could let in; of a role's own account too, whose trust policy has to name them. */
export function outsiders(
  statements: readonly Statement[],
  at: Surroundings,
  cloud: Cloud,
  ofTrust: boolean,
): readonly Person[] {
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  const named = allowing.flatMap(({ principals }) => principals?.aws ?? []);
  const anyone = allowing.some(({ principals }) => principals?.anyone === true);
  const people = named.filter((arn) => /:(user|role|assumed-role)\//.test(arn) && cloud.at(arn) === undefined);
  const mentioned = accountsIn(named.filter((name) => !/:(user|role|assumed-role)\//.test(name)));
  const asked = anyone ? accountsIn(valuesOn(statements, ['aws:principalarn', 'aws:principalaccount'])) : [];
  const own = ofTrust && anyone ? [at.account] : [];
  const inside = [...new Set([...mentioned, ...asked, ...own])].filter((account) => ofTrust || account !== at.account);
  const strangers = anyone ? strangersOf(at) : [];
  return [
    ...[...new Set(people)].map((arn) => namedPerson(arn, at)),
    ...inside.flatMap((account) => others(account, at, member(at.organisation))),
    ...strangers,
  ];
}

/** Of an account of the organisation that nothing names, and of one outside of it. */
function strangersOf(at: Surroundings): readonly Person[] {
  const own = at.organisation;
  if (own === undefined) return others(strangerAccount, at, { constraints: [] });
  const outside: Known = { constraints: [{ patterns: [exactly(own)], within: false }] };
  return [...others(strangerAccount, at, outside), ...others(strangerAccount, at, is(own))];
}

/** How the ARNs begin that services name as aws:SourceArn. */
const sources: Readonly<Record<string, string>> = {
  'events.amazonaws.com': 'arn:aws:events:*:ACCOUNT:rule/?*',
  'lambda.amazonaws.com': 'arn:aws:lambda:*:ACCOUNT:function:?*',
  'codepipeline.amazonaws.com': 'arn:aws:codepipeline:*:ACCOUNT:?*',
  'cloudwatch.amazonaws.com': 'arn:aws:cloudwatch:*:ACCOUNT:alarm:?*',
};

/** The services that a policy names, each on behalf of something in each account that the policy tells apart. */
export function servicesIn(statements: readonly Statement[], at: Surroundings): readonly Person[] {
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  const named = new Set(allowing.flatMap(({ principals }) => principals?.service ?? []));
  const asked = accountsIn(valuesOn(statements, ['aws:sourcearn', 'aws:sourceaccount']));
  const accounts = [...new Set([at.account, ...asked, strangerAccount])];
  return [...named].flatMap((service) => accounts.map((account) => servicePerson(service, account, at)));
}

function servicePerson(service: string, account: string, at: Surroundings): Person {
  const source = (sources[service] ?? 'arn:aws:*:*:ACCOUNT:?*').replace('ACCOUNT', account);
  const inside = account === strangerAccount ? { constraints: [] } : member(at.organisation);
  return {
    kind: 'service',
    account,
    name: service,
    identity: [],
    known: new Map<string, Known>([
      ...everyRequest(at.account, at.region, at.organisation),
      ['aws:principalisawsservice', is('true')],
      ['aws:principalservicename', is(service)],
      ['aws:principalarn', is()],
      ['aws:principalaccount', is()],
      ['aws:principalorgid', is()],
      ['aws:principaltype', is()],
      ['aws:sourceaccount', is(account)],
      ['aws:sourceorgid', inside],
      ['aws:sourcearn', { constraints: [{ patterns: [like(source)], within: true }], missing: false }],
    ]),
    principal: () => ({ type: 'service', service }),
  };
}
