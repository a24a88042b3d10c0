import { table } from '../../world/store.ts';

/** What a schedule calls, in the API's words. */
export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string | undefined;
  readonly RetryPolicy?:
    | { readonly MaximumRetryAttempts?: number | undefined; readonly MaximumEventAgeInSeconds?: number | undefined }
    | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
  readonly SqsParameters?: { readonly MessageGroupId?: string | undefined } | undefined;
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string } | undefined;
}

/** A schedule. */
export interface Schedule {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly expression: string;
  /** An IANA time zone. */
  readonly zone: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly target: ScheduleTarget;
  /** World time in milliseconds; runs lie between them. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly deleteAfterCompletion: boolean;
  /** A run may begin this much later; left out when the window is OFF. */
  readonly windowMinutes?: number | undefined;
  /** Of the call that wrote it. */
  readonly clientToken?: string | undefined;
  /** World time in milliseconds: rates count from here. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A group of schedules. The one named `default` is there from the beginning. */
export interface ScheduleGroup {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** By ARN. */
export const schedules = table<Schedule>('scheduler/schedules');
/** By ARN. */
export const scheduleGroups = table<ScheduleGroup>('scheduler/groups');
