import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';

/** What an application is deployed to. ECS is refused by name. */
export type Platform = 'Server' | 'Lambda';

/** An application: a name for revisions and deployment groups. */
export interface Application extends Place {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly platform: Platform;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds of world time. */
  readonly createdAt: number;
}

/** A filter by tags, as the API writes it. */
export interface TagFilter {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
  readonly Type?: 'KEY_ONLY' | 'VALUE_ONLY' | 'KEY_AND_VALUE' | undefined;
}

/** What makes CodeDeploy go back by itself. */
export type RollbackEvent = 'DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST';

/** A deployment group: where to, how, and what happens when it fails. */
export interface Group extends Place {
  /** A UUID. */
  readonly id: string;
  readonly application: string;
  readonly name: string;
  readonly platform: Platform;
  readonly roleArn: string;
  readonly configName: string;
  /** An instance of EC2 belongs when it passes one filter of each set. */
  readonly tagSets: readonly (readonly TagFilter[])[];
  readonly onPremisesTagSets: readonly (readonly TagFilter[])[];
  /** Empty when automatic rollback is off. */
  readonly rollbackEvents: readonly RollbackEvent[];
  /** Names; empty when alarms are off. */
  readonly alarms: readonly string[];
  readonly ignoreAlarmPolling: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** How many may be without service, or how traffic moves. */
export interface DeploymentConfig {
  readonly id: string;
  readonly name: string;
  readonly platform: Platform;
  readonly minimumHealthy?: { readonly type: 'HOST_COUNT' | 'FLEET_PERCENT'; readonly value: number };
  readonly traffic?: Traffic;
  readonly createdAt: number;
}

/** How the traffic of an alias moves: all, one share and then the rest, or equal shares. */
export type Traffic =
  | { readonly type: 'AllAtOnce' }
  | {
      readonly type: 'TimeBasedCanary' | 'TimeBasedLinear';
      /** Per cent. */
      readonly percentage: number;
      readonly intervalMinutes: number;
    };

/** Where a revision lies. */
export type Revision =
  | {
      readonly type: 'S3';
      readonly bucket: string;
      readonly key: string;
      readonly bundleType: 'zip' | 'YAML' | 'JSON';
      readonly version?: string | undefined;
      readonly eTag?: string | undefined;
    }
  | { readonly type: 'Text'; readonly content: string; readonly sha256: string };

/** A deployment's state; `Queued` and `Ready` do not last here. */
export type DeploymentStatus = 'Created' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';

/** One revision on its way to one group. */
export interface Deployment extends Place {
  /** `d-` and nine letters or digits. */
  readonly id: string;
  readonly groupKey: string;
  readonly application: string;
  readonly group: string;
  readonly platform: Platform;
  readonly config: DeploymentConfig;
  readonly revision: Revision;
  readonly previousRevision?: Revision;
  readonly description?: string;
  readonly creator: 'user' | 'codeDeployRollback';
  readonly fileExistsBehavior: 'DISALLOW' | 'OVERWRITE' | 'RETAIN';
  readonly ignoreStopFailures: boolean;
  readonly rollbackEvents: readonly RollbackEvent[];
  readonly status: DeploymentStatus;
  readonly error?: { readonly code: string; readonly message: string };
  readonly rollback?: { readonly deploymentId?: string; readonly triggeredBy?: string; readonly message?: string };
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  /** The journal entry that led to it. */
  readonly cause: string;
}

/** The state of a target, and of a lifecycle event on it. */
export type TargetStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped' | 'Unknown';

/** One lifecycle event on one target. */
export interface LifecycleEvent {
  readonly name: string;
  readonly status: TargetStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly diagnostics?: Diagnostics;
}

/** Why an event ended as it did. */
export interface Diagnostics {
  readonly errorCode:
    | 'Success'
    | 'ScriptMissing'
    | 'ScriptNotExecutable'
    | 'ScriptTimedOut'
    | 'ScriptFailed'
    | 'UnknownError';
  readonly scriptName: string;
  readonly message: string;
  /** The last 4 KB of the scripts' log. */
  readonly logTail: string;
}

/** An instance, or an alias of a function, in one deployment. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly deploymentId: string;
  readonly status: TargetStatus;
  readonly events: readonly LifecycleEvent[];
  readonly updatedAt: number;
  readonly lambda?: {
    readonly functionName: string;
    readonly alias: string;
    readonly currentVersion: string;
    readonly targetVersion: string;
    /** From 0 to 1. */
    readonly weight: number;
  };
}

/** A server that is not EC2's. */
export interface OnPremisesInstance extends Place {
  readonly name: string;
  readonly arn: string;
  readonly iamUserArn?: string;
  readonly iamSessionArn?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The root of its file system on this machine. */
  readonly directory: string;
  readonly registeredAt: number;
  readonly deregisteredAt?: number;
}

/** By `<account>/<region>/<name>`. */
export const applications = table<Application>('codedeploy/applications');
/** By `<account>/<region>/<application>/<name>`. */
export const groups = table<Group>('codedeploy/groups');
/** The custom ones, by `<account>/<region>/<name>`. */
export const configs = table<DeploymentConfig>('codedeploy/configs');
/** By `<account>/<region>/<name>`. */
export const onPremises = table<OnPremisesInstance>('codedeploy/on-premises');
/** By id. */
export const deployments = table<Deployment>('codedeploy/deployments');
/** By `<deployment>/<target>`. */
export const targets = table<Target>('codedeploy/targets');
/** What the last successful deployment of a group brought to an instance: its id, by `<group id>/<instance>`. */
export const installed = table<string>('codedeploy/installed');
/** The paths that the last deployment of a group put on an instance, by `<group id>/<instance>`. */
export const installedFiles = table<readonly string[]>('codedeploy/installed-files');

/** The key of what has a name in an account and region. */
export const keyOf = ({ account, region }: Place, ...names: readonly string[]): string =>
  [account, region, ...names].join('/');

/** An ARN of CodeDeploy: `application`, `deploymentgroup`, `deploymentconfig` or `instance`. */
export const arnOf = ({ account, region }: Place, kind: string, name: string): string =>
  `arn:aws:codedeploy:${region}:${account}:${kind}:${name}`;
