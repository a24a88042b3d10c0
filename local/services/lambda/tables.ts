import { table } from '../../world/store.ts';

/** A version of a function: `$LATEST`, which changes, or a published one, which does not. */
export interface LambdaFunction {
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** The number that was given last, also to versions that are deleted: numbers are not used again. */
  readonly lastVersion: number;
  /** A UUID; new with each change. */
  readonly revisionId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
  /** `<module>.<export>`. */
  readonly handler: string;
  readonly runtime: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly logGroup: string;
  /** Where the code was unpacked. */
  readonly directory: string;
  /** SHA-256 of the code, base64. */
  readonly codeSha256: string;
  readonly codeBytes: number;
  readonly deadLetterArn?: string;
  readonly reservedConcurrency?: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** A name for a version, or for two that share the traffic. */
export interface Alias {
  /** With the name as qualifier. */
  readonly arn: string;
  readonly functionArn: string;
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** The share of other versions, from 0 to 1; the rest goes to `functionVersion`. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** One statement of a function's resource policy, by the permission that made it. */
export interface Permission {
  /** With the qualifier, when the permission is for one version or alias. */
  readonly functionArn: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

/** How asynchronous invocations of a function are treated. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly onFailureArn?: string;
  readonly onSuccessArn?: string;
}

/** By ARN. */
export const functions = table<LambdaFunction>('lambda/functions');
/** Published versions, by qualified ARN. */
export const versions = table<LambdaFunction>('lambda/versions');
/** By qualified ARN. */
export const aliases = table<Alias>('lambda/aliases');
/** By a key of the permission's own. */
export const permissions = table<Permission>('lambda/permissions');
/** By the function's ARN, with a qualifier other than `$LATEST`. */
export const eventInvokeConfigs = table<EventInvokeConfig>('lambda/event-invoke-configs');
