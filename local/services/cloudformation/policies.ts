import { resolve } from '../../../languages/template/resolve.ts';
import type { Scope } from '../../../languages/template/types.ts';

/** A resource's DeletionPolicy or UpdateReplacePolicy, `Delete` when there is none. Source: the pages of both attributes in the CloudFormation guide. */
export function policyOf(written: unknown, scope: Scope): string {
  const policy = resolve(written ?? 'Delete', scope);
  return typeof policy === 'string' ? policy : 'Delete';
}
