import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from './acknowledge.ts';

/** Condition operators with their keys and values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What narrows a statement, and why it is as wide as it is. */
export interface AllowOptions {
  readonly conditions?: Conditions;
  /** Needed where an action or a resource has a star. */
  readonly openBecause?: string;
}

/** Lets a role do something; `sid` says in a word or two what for, as auditors will read it. */
export function allow(
  role: Role,
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  { conditions = {}, openBecause }: AllowOptions = {},
): void {
  role.addToPolicy(new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions }));
  if (openBecause !== undefined) acknowledge(role, openBecause, openEnds(actions, resources));
}
