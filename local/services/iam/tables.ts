import { table } from '../../world/store.ts';

/** A policy as it hangs on a user or role: its name and its document as JSON. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: unknown;
  /** The text it was put with, blanks and all; for policies of stacks the document as JSON. */
  readonly text?: string;
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
  readonly description?: string;
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
  /** ISO 8601; left out for who was there from the beginning. */
  readonly createdAt?: string;
  readonly inline: Readonly<Record<string, AttachedPolicy>>;
  readonly managed: readonly string[];
  readonly boundary?: string;
}

/** A managed policy of a customer or of AWS (account `aws`). */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  /** Of the default version: what holds. */
  readonly document: unknown;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Newest last; a policy without them has its document as `v1`. */
  readonly versions?: readonly PolicyVersion[];
  /** `v1` when left out. */
  readonly defaultVersion?: string;
  /** The highest number a version ever had: numbers are not used again. */
  readonly lastVersion?: number;
  /** ISO 8601; left out for AWS's own. */
  readonly createdAt?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
}

/** One version of a managed policy. */
export interface PolicyVersion {
  /** `v3`. */
  readonly id: string;
  readonly document: unknown;
  readonly text?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** By ARN. */
export const roles = table<Role>('iam/roles');
/** By ARN. */
export const users = table<User>('iam/users');
/** By ARN. */
export const managedPolicies = table<ManagedPolicy>('iam/managed-policies');
