import { table } from '../../world/store.ts';

/** A function's newest version. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
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

/** One statement of a function's resource policy, by the permission that made it. */
export interface Permission {
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
/** By a key of the permission's own. */
export const permissions = table<Permission>('lambda/permissions');
/** By the function's ARN. */
export const eventInvokeConfigs = table<EventInvokeConfig>('lambda/event-invoke-configs');
