import { failedCondition } from './conditions.ts';
import type { PrincipalSet, Request, RequestPrincipal, Statement } from './types.ts';
import { expand } from './variables.ts';
import { arnMatches, wildcardMatches } from './wildcard.ts';

/** Whether a statement speaks about the request's action, resource and conditions, whoever makes it. */
export function matchStatement(statement: Statement, request: Request): boolean {
  return (
    actionMatches(statement, request.action) &&
    resourceMatches(statement, request) &&
    failedCondition(statement.conditions, request) === undefined
  );
}

function actionMatches({ actions, notActions }: Statement, action: string): boolean {
  const covers = (pattern: string) => wildcardMatches(pattern.toLowerCase(), action.toLowerCase());
  return actions ? actions.some(covers) : !(notActions ?? []).some(covers);
}

/** A statement without resources stands in a trust policy, which is about its role alone. */
function resourceMatches({ resources, notResources }: Statement, request: Request): boolean {
  const covers = (pattern: string) => {
    const expanded = expand(pattern, request);
    return expanded !== undefined && arnMatches(expanded, request.resource);
  };
  if (resources) return resources.some(covers);
  return notResources ? !notResources.some(covers) : true;
}

/**
 * How a statement names the principal: its session, the user or role itself, anyone, or only its account.
 * Undefined when it does not name it at all.
 */
export function principalMatch(
  statement: Statement,
  principal: RequestPrincipal,
): 'session' | 'principal' | 'account' | undefined {
  if (statement.notPrincipals) return named(statement.notPrincipals, principal) === undefined ? 'principal' : undefined;
  return statement.principals && named(statement.principals, principal);
}

function named(set: PrincipalSet, principal: RequestPrincipal): 'session' | 'principal' | 'account' | undefined {
  if (principal.type === 'service')
    return set.anyone || set.service.includes(principal.service) ? 'principal' : undefined;
  if (principal.type === 'anonymous') return set.anyone ? 'principal' : undefined;
  if (set.aws.includes(principal.arn)) return principal.type === 'role-session' ? 'session' : 'principal';
  if (set.anyone) return 'principal';
  if (principal.type === 'role-session' && set.aws.includes(principal.roleArn)) return 'principal';
  const account = set.aws.some(
    (name) => name === principal.account || name === `arn:aws:iam::${principal.account}:root`,
  );
  return account ? (principal.type === 'root' ? 'principal' : 'account') : undefined;
}
