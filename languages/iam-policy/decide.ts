import { callerOf, deciding, missingIn, missingInResource, named } from './explain.ts';
import { type Question, questionOf } from './statement.ts';
import { type Placed, type Survey, survey } from './survey.ts';
import type { Decision, NamedPolicy, Policies, Request } from './types.ts';

/**
 * Decides one request as AWS does: an explicit deny anywhere wins; then every level of the organisation's policies has to allow; then a
 * resource policy or the principal's own policies within an account, and both across accounts. A permissions boundary and session policies limit
 * what the principal's own policies and a grant to its role give, but not a grant to the caller itself. Key and trust policies have
 * to speak before the account's IAM counts.
 * Source: the policy evaluation pages of the IAM guide (single account, cross-account, "How AWS enforcement code logic evaluates requests").
 */
export function decide(request: Request, given: Policies): Decision {
  const policies = applicable(request, given);
  const question = questionOf(request, policies);
  const [denied] = survey(everyPolicy(policies), 'Deny', question).applying;
  if (denied) return refuse('explicit-deny', `${named(denied)} denies it explicitly`, [denied]);
  const impossible = impossibleRequest(request, policies);
  if (impossible) return refuse('implicit-deny', impossible);
  const unguarded = guards(question, policies);
  if (unguarded) return refuse('implicit-deny', unguarded);
  return granted(question, policies);
}

/** Services and anonymous callers have no policies of their own, service-linked roles stand above the organisation's, and a trust policy does not speak of passing its role. */
function applicable(request: Request, policies: Policies): Policies {
  const { principal } = request;
  const { resource, resourceKind, resourceControl, ...own } = policies;
  const passing = request.action.toLowerCase() === 'iam:passrole';
  const serviceLinked = principal.type === 'role-session' && principal.roleArn.includes(':role/aws-service-role/');
  const inAccount = principal.type !== 'service' && principal.type !== 'anonymous';
  return {
    ...(inAccount ? own : { identity: [] }),
    ...(resource === undefined || passing ? {} : { resource }),
    ...(resourceKind === undefined || passing ? {} : { resourceKind }),
    ...(resourceControl === undefined ? {} : { resourceControl }),
    ...(serviceLinked ? { serviceControl: [], resourceControl: [] } : {}),
  };
}

function everyPolicy(policies: Policies): readonly NamedPolicy[] {
  return [
    ...(policies.serviceControl ?? []),
    ...(policies.resourceControl ?? []),
    ...policies.identity,
    ...(policies.boundary ? [policies.boundary] : []),
    ...(policies.session ?? []),
    ...(policies.resource ? [policies.resource] : []),
  ];
}

/** What no policy can allow. Source: the AssumeRole and PassRole pages. */
function impossibleRequest(
  { principal, action, resourceAccount }: Request,
  { resourceKind }: Policies,
): string | undefined {
  if (resourceKind === 'trust' && principal.type === 'root') return 'roles may not be assumed by root accounts';
  const account = 'account' in principal ? principal.account : undefined;
  if (action.toLowerCase() === 'iam:passrole' && account !== resourceAccount) {
    return 'a role can be passed only within its own account';
  }
  return undefined;
}

/** The organisation's policies only limit: each level that has some has to allow. */
function guards(question: Question, policies: Policies): string | undefined {
  for (const [kind, set] of [
    ['resource control policy', policies.resourceControl ?? []],
    ['service control policy', policies.serviceControl ?? []],
  ] as const) {
    for (const level of new Set(set.map((policy) => policy.level))) {
      const found = survey(
        set.filter((policy) => policy.level === level),
        'Allow',
        question,
      );
      if (found.applying.length === 0) {
        return missingIn(level === undefined ? kind : `${kind} of ${level}`, question, found);
      }
    }
  }
  return undefined;
}

function granted(question: Question, policies: Policies): Decision {
  const { principal, resourceAccount } = question.request;
  const resource = policies.resource && survey([policies.resource], 'Allow', question);
  const grant = resource && bestGrant(resource);
  const withoutGrant = () => refuse('implicit-deny', missingInResource(question, policies, resource));
  if (principal.type === 'service' || principal.type === 'anonymous') return grant ? allow([grant]) : withoutGrant();
  const crossesAccounts = principal.account !== resourceAccount;
  const grantNeeded = crossesAccounts || policies.resourceKind === 'trust' || policies.resourceKind === 'key';
  if (grantNeeded && !grant) return withoutGrant();
  if (!crossesAccounts && grant?.naming === 'caller') return allow([grant]);
  const limit = limits(question, policies);
  if (!crossesAccounts && grant?.naming === 'role') {
    return limit === undefined ? allow([grant]) : refuse('implicit-deny', limit);
  }
  const own = survey(policies.identity, 'Allow', question);
  const [identity] = own.applying;
  if (identity === undefined && principal.type !== 'root') {
    return refuse('implicit-deny', missingIn(`identity-based policy of ${holderOf(question.request)}`, question, own));
  }
  if (limit) return refuse('implicit-deny', limit);
  const by = [...(identity ? [identity] : []), ...(grantNeeded && grant ? [grant] : [])];
  return by.length > 0 ? allow(by) : allowRoot(question.request);
}

/** A grant to the caller itself is worth more than one to its role, and that more than one to its account. */
function bestGrant({ applying }: Survey): Survey['applying'][number] | undefined {
  for (const naming of ['caller', 'role', 'account']) {
    const found = applying.find((placed) => placed.naming === naming);
    if (found) return found;
  }
  return undefined;
}

/** What the boundary or the session policies lack; session policies allow together. */
function limits(question: Question, { boundary, session }: Policies): string | undefined {
  const limited = (set: string, policies: readonly NamedPolicy[]): string | undefined => {
    const found = survey(policies, 'Allow', question);
    return found.applying.length > 0 ? undefined : missingIn(set, question, found);
  };
  return (
    (boundary && limited(`permissions boundary (${boundary.name})`, [boundary])) ??
    (session && session.length > 0 ? limited('session policy', session) : undefined)
  );
}

/** Whose policies are asked. */
const holderOf = (request: Request): string =>
  request.principal.type === 'role-session' ? request.principal.roleArn : callerOf(request);

function allow(by: readonly Placed[]): Decision {
  const explanation = `${by.map(named).join(' and ')} ${by.length > 1 ? 'allow' : 'allows'} it`;
  return { allowed: true, reason: 'allowed', explanation, statements: by.map(deciding) };
}

const allowRoot = (request: Request): Decision => ({
  allowed: true,
  reason: 'allowed',
  explanation: `${callerOf(request)} is the root user, who may do everything in its account`,
  statements: [],
});

const refuse = (
  reason: 'explicit-deny' | 'implicit-deny',
  explanation: string,
  by: readonly Placed[] = [],
): Decision => ({
  allowed: false,
  reason,
  explanation,
  statements: by.map(deciding),
});
