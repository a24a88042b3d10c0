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
  readonly clientToken?: string | undefined;
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
  readonly terminationProtected?: boolean;
  /** The ClientRequestToken of the request that changed it last. */
  readonly clientToken?: string | undefined;
  /** What a failed rollback could not put back, as it was before, and what it could not remove: ContinueUpdateRollback's work. */
  readonly stuck?:
    | { readonly changed: readonly StackResource[]; readonly created: readonly StackResource[] }
    | undefined;
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

/** One row of a change set's Changes: what executing it would do to a resource. Source: "ResourceChange" in the CloudFormation API reference. */
export interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
  readonly PolicyAction?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly Scope: readonly string[];
  readonly Details: readonly ResourceChangeDetail[];
}

/** Which property changes, whether that takes a new resource, and whether the value is known yet (Static) or depends on a resource that is made. */
export interface ResourceChangeDetail {
  readonly Target: {
    readonly Attribute: 'Properties';
    readonly Name: string;
    readonly RequiresRecreation: 'Never' | 'Always' | 'Conditionally';
  };
  readonly Evaluation: 'Static' | 'Dynamic';
  readonly ChangeSource: 'DirectModification' | 'ResourceReference';
}

/** A change set: a deployment that waits to be executed. */
export interface ChangeSet {
  /** The change set's ARN. */
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly stackId: string;
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
  readonly description?: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly shownParameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
  readonly onStackFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  readonly changes: readonly ResourceChange[];
  /** Milliseconds of world time. */
  readonly createdAt: number;
}

/** By ARN. */
export const changeSets = table<ChangeSet>('cloudformation/change-sets');
