import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { table } from '../../world/store.ts';

/** An event bus. The one named `default` is there from the beginning in each account and region. */
export interface Bus {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyIdentifier?: string;
  readonly deadLetterConfig?: { readonly Arn?: string | undefined };
  readonly logConfig?: { readonly IncludeDetail?: string | undefined; readonly Level?: string | undefined };
  /** The policy document, as JSON. */
  readonly policy?: { readonly Version?: string; readonly Statement: readonly Record<string, unknown>[] } | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** World time in milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A target of a rule, in the API's words. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** A rule on a bus. */
export interface Rule {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly busArn: string;
  readonly busName: string;
  readonly name: string;
  readonly description?: string;
  readonly patternText?: string;
  readonly pattern?: Pattern;
  readonly scheduleExpression?: string;
  readonly state: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly roleArn?: string;
  readonly createdBy: string;
  readonly targets: readonly Target[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An event as it travels. Source: facts 2.1. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  /** The account of the origin: it stays on a hop. */
  readonly account: string;
  /** ISO 8601 to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  readonly 'replay-name'?: string;
}

/** An archive of a bus and what it has kept. */
export interface Archive {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly busArn: string;
  readonly description?: string;
  readonly patternText?: string;
  readonly pattern?: Pattern;
  /** 0 keeps forever. */
  readonly retentionDays: number;
  /** World time in milliseconds. */
  readonly createdAt: number;
  /** Mutable on purpose: grows by an event at a time, oldest first. */
  readonly events: BusEvent[];
  sizeBytes: number;
}

/** A replay of an archive. */
export interface Replay {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string;
  readonly archiveArn: string;
  readonly busArn: string;
  readonly ruleArns: readonly string[];
  readonly state: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly stateReason?: string;
  /** World time in milliseconds: events from `from`, before `until`. */
  readonly from: number;
  readonly until: number;
  readonly lastReplayed?: number;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** By ARN. */
export const buses = table<Bus>('events/buses');
/** By ARN. */
export const rules = table<Rule>('events/rules');
/** By ARN. */
export const archives = table<Archive>('events/archives');
/** By ARN. */
export const replays = table<Replay>('events/replays');
