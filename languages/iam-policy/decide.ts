import { matchStatement, principalMatch } from './statement.ts';
import type { DecidingStatement, Decision, NamedPolicy, Policies, Request, Statement } from './types.ts';

/**
 * Decides one request as AWS does: an explicit deny anywhere wins; then organisation policies, the permissions boundary and
 * session policies each have to allow; then identity and resource policies, one of them within an account and both across accounts.
 * Source: the policy evaluation logic pages of the IAM guide; key and trust policies by their own rules (see {@link grantOf}).
 */
export function decide(request: Request, policies: Policies): Decision {
  const denied = allPolicies(policies)
    .map((policy) => applying(policy, request, 'Deny'))
    .find((found) => found !== undefined);
  if (denied) return deny('explicit-deny', `${describe(denied)} denies it`, [denied]);
  const guard = missingGuard(request, policies);
  if (guard) return deny('implicit-deny', guard, []);
  return grantOf(request, policies);
}

function allPolicies(policies: Policies): readonly NamedPolicy[] {
  return [
    ...(policies.serviceControl ?? []),
    ...(policies.resourceControl ?? []),
    ...policies.identity,
    ...(policies.boundary ? [policies.boundary] : []),
    ...(policies.session ?? []),
    ...(policies.resource ? [policies.resource] : []),
  ];
}

/** The policies that only limit: each set that is present has to allow. Services are not limited by the caller's sets. */
function missingGuard(request: Request, policies: Policies): string | undefined {
  const allows = (set: readonly NamedPolicy[]) => set.some((policy) => applying(policy, request, 'Allow'));
  if (policies.serviceControl?.length && !allows(policies.serviceControl)) return 'no service control policy allows it';
  if (policies.resourceControl?.length && !allows(policies.resourceControl))
    return 'no resource control policy allows it';
  if (request.principal.type === 'service') return undefined;
  const grantedToSession = policies.resource && grantFrom(policies.resource, request)?.exact;
  if (policies.boundary && !allows([policies.boundary]) && !grantedToSession)
    return `the permissions boundary ${policies.boundary.name} does not allow it`;
  if (policies.session?.length && !allows(policies.session) && !grantedToSession)
    return 'the session policy does not allow it';
  return undefined;
}

/** Where the permission comes from, once nothing denies. */
function grantOf(request: Request, policies: Policies): Decision {
  const { principal } = request;
  const identity = policies.identity
    .map((policy) => applying(policy, request, 'Allow'))
    .find((found) => found !== undefined);
  const resource = policies.resource && grantFrom(policies.resource, request);
  if (principal.type === 'service' || principal.type === 'anonymous') {
    return resource ? allow([resource.by]) : deny('implicit-deny', missingInResource(request, policies), []);
  }
  const crossesAccounts = principal.account !== request.resourceAccount;
  const ownSide = identity ?? (principal.type === 'root' ? rootItself(principal.arn) : undefined);
  if (crossesAccounts) {
    if (!resource) return deny('implicit-deny', missingInResource(request, policies), []);
    if (!ownSide) return deny('implicit-deny', missingInIdentity(request), []);
    return allow([ownSide, resource.by]);
  }
  if (policies.resourceKind === 'trust' || policies.resourceKind === 'key') {
    if (!resource) return deny('implicit-deny', missingInResource(request, policies), []);
    if (resource.names === 'principal') return allow([resource.by]);
    return ownSide ? allow([ownSide, resource.by]) : deny('implicit-deny', missingInIdentity(request), []);
  }
  if (ownSide) return allow([ownSide]);
  if (resource?.names === 'principal') return allow([resource.by]);
  return deny('implicit-deny', missingInIdentity(request), []);
}

/** A resource policy's grant: to the principal by itself, or to its account, whose own IAM then decides. */
interface Grant {
  readonly by: DecidingStatement;
  readonly names: 'principal' | 'account';
  /** True when the session itself is named, which boundaries and session policies do not limit. */
  readonly exact: boolean;
}

function grantFrom(policy: NamedPolicy, request: Request): Grant | undefined {
  const grants = policy.document.statements.flatMap((statement) => {
    if (statement.effect !== 'Allow' || !matchStatement(statement, request)) return [];
    const match = principalMatch(statement, request.principal);
    return match === undefined
      ? []
      : [
          {
            by: deciding(policy, statement),
            names: match === 'account' ? ('account' as const) : ('principal' as const),
            exact: match === 'session',
          },
        ];
  });
  return grants.find((grant) => grant.exact) ?? grants.find((grant) => grant.names === 'principal') ?? grants[0];
}

function applying(policy: NamedPolicy, request: Request, effect: 'Allow' | 'Deny'): DecidingStatement | undefined {
  const found = policy.document.statements.find(
    (statement) =>
      statement.effect === effect &&
      matchStatement(statement, request) &&
      ((statement.principals === undefined && statement.notPrincipals === undefined) ||
        principalMatch(statement, request.principal) !== undefined),
  );
  return found && deciding(policy, found);
}

const deciding = (policy: NamedPolicy, statement: Statement): DecidingStatement => ({
  policy: policy.name,
  ...(statement.sid === undefined ? {} : { sid: statement.sid }),
  effect: statement.effect,
});

const rootItself = (arn: string): DecidingStatement => ({ policy: `${arn} itself`, effect: 'Allow' });

const describe = ({ policy, sid }: DecidingStatement): string =>
  sid === undefined ? policy : `statement ${sid} of ${policy}`;

const allow = (statements: readonly DecidingStatement[]): Decision => ({
  allowed: true,
  reason: 'allowed',
  explanation: `${statements.map(describe).join(' and ')} ${statements.length > 1 ? 'allow' : 'allows'} it`,
  statements,
});

const deny = (reason: Decision['reason'], explanation: string, statements: readonly DecidingStatement[]): Decision => ({
  allowed: false,
  reason,
  explanation,
  statements,
});

function missingInResource(request: Request, policies: Policies): string {
  const name = policies.resource?.name;
  if (name === undefined)
    return `${request.resource} has no resource policy that allows ${request.action} for this principal`;
  return `${name} has no statement that allows ${request.action} for this principal with these conditions`;
}

const missingInIdentity = (request: Request): string =>
  `no identity-based policy allows the ${request.action} action on ${request.resource}`;
