import type { LambdaFunction } from './tables.ts';

/** A version's configuration as the API shows it; `arn` is how it was asked for. */
export const shown = (fn: LambdaFunction, arn: string = fn.arn) => ({
  FunctionName: fn.name,
  FunctionArn: arn,
  Runtime: fn.runtime,
  Role: fn.roleArn,
  Handler: fn.handler,
  CodeSize: fn.codeBytes,
  Description: fn.description,
  Timeout: fn.timeoutSeconds,
  MemorySize: fn.memoryMegabytes,
  LastModified: fn.modifiedAt.replace('Z', '+0000'),
  CodeSha256: fn.codeSha256,
  Version: fn.version,
  RevisionId: fn.revisionId,
  Environment: { Variables: fn.environment },
  ...(fn.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: fn.deadLetterArn } }),
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
  LoggingConfig: { LogFormat: 'Text', LogGroup: fn.logGroup },
});

/** A version with its own number in the ARN, as lists of versions show it. */
export const shownVersion = (fn: LambdaFunction) => shown(fn, `${fn.arn}:${fn.version}`);
