import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/** Condition operators with their keys and values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Lets a role do something; `sid` says in a word or two what for, as auditors will read it. */
export function allow(
  role: Role,
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Conditions = {},
): void {
  role.addToPolicy(new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions }));
}
