import type { PrincipalSet, RequestPrincipal, Statement } from './types.ts';

/**
 * How a resource policy's statement names a principal: the caller itself (a user, a role's session, a service, or everyone), its role, or its account,
 * whose own IAM then decides.
 */
export type Naming = 'caller' | 'role' | 'account';

/**
 * How a statement names the principal, or undefined when it does not. Everyone includes services. `NotPrincipal` names everybody but those who
 * are listed with their account and, for a session, with their role too; a principal with a permissions boundary is never excepted.
 * Source: the IAM pages on the Principal and NotPrincipal elements.
 */
export function naming(
  { principals, notPrincipals }: Pick<Statement, 'principals' | 'notPrincipals'>,
  principal: RequestPrincipal,
  hasBoundary: boolean,
): Naming | undefined {
  if (notPrincipals) return !hasBoundary && isExcepted(notPrincipals, principal) ? undefined : 'caller';
  return principals && namingBy(principals, principal);
}

function namingBy(set: PrincipalSet, principal: RequestPrincipal): Naming | undefined {
  if (set.anyone) return 'caller';
  switch (principal.type) {
    case 'anonymous':
      return undefined;
    case 'service':
      return set.service.includes(principal.service) ? 'caller' : undefined;
    case 'root':
      return namesAccount(set, principal.account) ? 'caller' : undefined;
    case 'user':
      if (set.aws.includes(principal.arn)) return 'caller';
      break;
    case 'role-session':
      if (set.aws.includes(principal.arn)) return 'caller';
      if (set.aws.includes(principal.roleArn)) return 'role';
  }
  return namesAccount(set, principal.account) ? 'account' : undefined;
}

const namesAccount = ({ aws }: PrincipalSet, account: string): boolean =>
  aws.some((name) => name === account || (name.startsWith('arn:') && name.endsWith(`:iam::${account}:root`)));

function isExcepted(set: PrincipalSet, principal: RequestPrincipal): boolean {
  if (set.anyone) return true;
  switch (principal.type) {
    case 'anonymous':
      return false;
    case 'service':
      return set.service.includes(principal.service);
    case 'root':
      return namesAccount(set, principal.account);
    case 'user':
      return set.aws.includes(principal.arn) && namesAccount(set, principal.account);
    case 'role-session':
      return (
        [principal.arn, principal.roleArn].every((arn) => set.aws.includes(arn)) && namesAccount(set, principal.account)
      );
  }
}
