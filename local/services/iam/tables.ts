import { table } from '../../world/store.ts';

/** A policy as it hangs on a user or role: its name and its document as JSON. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: unknown;
}

/** A role. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly account: string;
  /** `AROA…`. */
  readonly id: string;
  readonly trust: unknown;
  /** Inline policies, by the stack resource or call that put them, so that each can be replaced by its maker. */
  readonly inline: Readonly<Record<string, AttachedPolicy>>;
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
  readonly maxSessionSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A user. */
export interface User {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly id: string;
  readonly inline: Readonly<Record<string, AttachedPolicy>>;
  readonly managed: readonly string[];
  readonly boundary?: string;
}

/** A managed policy of a customer or of AWS (account `aws`). */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly document: unknown;
}

/** By ARN. */
export const roles = table<Role>('iam/roles');
/** By ARN. */
export const users = table<User>('iam/users');
/** By ARN. */
export const managedPolicies = table<ManagedPolicy>('iam/managed-policies');
