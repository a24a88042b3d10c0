import { join } from 'node:path';
import { FunctionPool } from '../../lambda-host/pool.ts';
import type { FunctionFailure } from '../../lambda-host/sandbox.ts';
import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { writeLog } from '../logs/write.ts';
import { assumeRole } from '../sts/assume.ts';
import { functions, type LambdaFunction } from './tables.ts';

/** How one invocation ended. */
export interface Execution {
  readonly requestId: string;
  /** The answer's JSON text; for a failure, its error document. */
  readonly payload: string;
  readonly failure?: FunctionFailure;
}

/** Runs a function once, with the credentials of its role and its own time limit, and records logs and metrics. */
export async function execute(
  world: World,
  fn: LambdaFunction,
  event: unknown,
  cause: string,
  requestId: string,
  invokedArn: string = fn.arn,
): Promise<Execution> {
  const started = world.clock.now();
  const at = { account: fn.account, region: fn.region };
  const invoked = world.journal.write({
    kind: 'state',
    cause,
    ...at,
    subject: fn.arn,
    text: `function ${fn.name} runs`,
    detail: { requestId },
  });
  const outcome = await poolOf(world, fn).run({
    event,
    requestId,
    trace: `Root=1-${Math.floor(started / 1000).toString(16)}-${world.chance.hex(24)};Sampled=0;Cause=${invoked}`,
    timeoutSeconds: fn.timeoutSeconds,
    invokedArn,
  });
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  const duration = world.clock.now() - started;
  world.journal.write({
    kind: 'state',
    cause: invoked,
    ...at,
    subject: fn.arn,
    detail: { requestId, durationMilliseconds: duration, ...(failure ? { failure } : {}) },
    text: failure
      ? `function ${fn.name} failed: ${failure.errorType}: ${failure.errorMessage}`
      : `function ${fn.name} finished in ${duration} ms`,
  });
  if (failure)
    writeLog(world, at, {
      group: fn.logGroup,
      stream: streamOf(fn),
      messages: [`ERROR RequestId: ${requestId} ${JSON.stringify(failure)}`],
    });
  measure(world, fn, invokedArn, failure === undefined ? 0 : 1, duration);
  return {
    requestId,
    payload: 'value' in outcome ? outcome.value : JSON.stringify(outcome.failure),
    ...(failure ? { failure } : {}),
  };
}

/**
 * Metrics of the function as a whole, of what was named (`Resource`), and behind an alias of the version that ran.
 * Source: Lambda guide, "Viewing metrics on the CloudWatch console" (dimensions).
 */
function measure(world: World, fn: LambdaFunction, invokedArn: string, errors: number, duration: number): void {
  const qualifier = invokedArn.split(':')[7];
  const whole = { FunctionName: fn.name };
  const named = { ...whole, Resource: qualifier === undefined ? fn.name : `${fn.name}:${qualifier}` };
  const each: Record<string, string>[] = [whole, named];
  if (qualifier !== undefined && qualifier !== fn.version) each.push({ ...named, ExecutedVersion: fn.version });
  for (const dimensions of each)
    for (const [name, value] of [
      ['Invocations', 1],
      ['Errors', errors],
      ['Duration', duration],
    ] as const)
      putMetric(world, fn, { namespace: 'AWS/Lambda', name, dimensions, value });
}

const streamOf = (fn: LambdaFunction): string => `[${fn.version}]${fn.codeSha256.replace(/\W/g, '').slice(0, 32)}`;

/** The function's workers; a changed function gets new ones. */
function poolOf(world: World, fn: LambdaFunction): FunctionPool {
  return world.live.get(poolKey(fn), () => {
    const [module = 'index', exportName = 'handler'] = splitHandler(fn.handler);
    return new FunctionPool(world, {
      version: fn.version,
      name: fn.name,
      directory: fn.directory,
      file: join(fn.directory, module),
      module,
      exportName,
      memoryMegabytes: fn.memoryMegabytes,
      maximumConcurrency: fn.reservedConcurrency ?? 10,
      environment: () => environmentOf(world, fn),
      onLine: (line) => {
        const current = fn.version === '$LATEST' ? (world.store.in(functions).get(fn.arn) ?? fn) : fn;
        writeLog(world, current, { group: current.logGroup, stream: streamOf(current), messages: [line] });
        world.journal.write({
          kind: 'log',
          account: fn.account,
          region: fn.region,
          subject: fn.arn,
          text: line.slice(0, 2000),
        });
      },
    });
  });
}

/** Names the pool of one state of a version. */
export const poolKey = (fn: LambdaFunction): string => `lambda/${fn.arn}/${fn.version}/${fn.revisionId}`;

function splitHandler(handler: string): [string, string] {
  const dot = handler.lastIndexOf('.');
  return [handler.slice(0, dot), handler.slice(dot + 1)];
}

/** What a function finds in its environment: its own variables, Lambda's, and its role's keys. Nothing of the machine but PATH. */
async function environmentOf(
  world: World,
  fn: LambdaFunction,
): Promise<{ variables: Record<string, string>; expiresAt: number }> {
  const service = {
    type: 'service' as const,
    service: 'lambda.amazonaws.com',
    sourceArn: fn.arn,
    sourceAccount: fn.account,
  };
  const { credentials } = await assumeRole(world, {
    caller: service,
    account: fn.account,
    region: fn.region,
    roleArn: fn.roleArn,
    sessionName: fn.name,
    durationSeconds: 3600,
  });
  return {
    expiresAt: credentials.expiresAt ?? Number.POSITIVE_INFINITY,
    variables: {
      ...fn.environment,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
      AWS_REGION: fn.region,
      AWS_DEFAULT_REGION: fn.region,
      AWS_ENDPOINT_URL: world.endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: fn.version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: streamOf(fn),
      LAMBDA_TASK_ROOT: fn.directory,
      NO_PROXY: '127.0.0.1',
      HOME: fn.directory,
      TZ: ':UTC',
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    },
  };
}
