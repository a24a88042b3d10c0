import type { Template } from '../../../languages/template/types.ts';
import { table } from '../../world/store.ts';

/** A resource that a stack holds. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Resolved, as the model parsed them. */
  readonly properties: unknown;
  /** Resolved, as the template says: what the next update is compared with. */
  readonly written: string;
  /** What happens when it leaves the template, and when an update replaces it: Delete, Retain, RetainExceptOnCreate or Snapshot. */
  readonly deletionPolicy: string;
  readonly replacePolicy: string;
}

/** One line of a stack's history. */
export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** Milliseconds of world time. */
  readonly at: number;
}

/** A stack; deleted ones keep their row until their name is used again. */
export interface Stack {
  /** The stack's ARN. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly status: string;
  readonly statusReason?: string | undefined;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters fit to be shown: NoEcho ones are stars. */
  readonly shownParameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, StackOutput>>;
  /** In the order they were made. */
  readonly resources: readonly StackResource[];
  /** Names of exports that it imports; they cannot go while it does. */
  readonly imports: readonly string[];
  readonly events: readonly StackEvent[];
  readonly roleArn?: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
}

/** A stack's output. */
export interface StackOutput {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** By `<account>/<region>/<name>`. */
export const stacks = table<Stack>('cloudformation/stacks');

/** A stack's key in the table. */
export const stackKey = (at: { readonly account: string; readonly region: string }, name: string): string =>
  `${at.account}/${at.region}/${name}`;
