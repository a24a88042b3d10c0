import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { execute } from './execute.ts';
import { findTarget, functionAccess } from './find.ts';
import { invokeLater } from './invoke-later.ts';

const largestPayloadBytes = 6 * 1024 * 1024;

/** Runs a function now (`RequestResponse`), soon (`Event`), or only asks whether one may (`DryRun`). */
export const invoke = operation({
  http: {
    method: 'POST',
    path: '/2015-03-31/functions/{FunctionName}/invocations',
    query: { Qualifier: 'Qualifier' },
    headers: { 'x-amz-invocation-type': 'InvocationType', 'x-amz-log-type': 'LogType' },
    payload: 'Payload',
    answers: 'Payload',
    answerHeaders: { FunctionError: 'x-amz-function-error', ExecutedVersion: 'x-amz-executed-version' },
    status: 'StatusCode',
  },
  input: z.object({
    FunctionName: z.string(),
    Qualifier: z.string().optional(),
    InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
    Payload: z
      .union([z.instanceof(Buffer), z.string().transform((text) => Buffer.from(text))])
      .default(Buffer.alloc(0)),
  }),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'InvokeFunction', FunctionName, call, Qualifier),
  ],
  run: async ({ FunctionName, Qualifier, InvocationType, Payload }, call: Call) => {
    const target = findTarget(call.world, FunctionName, call, Qualifier);
    const { fn, arn } = target;
    const event = readEvent(Payload);
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    if (InvocationType === 'Event') {
      invokeLater(call.world, target, event, call.cause);
      return { StatusCode: 202 };
    }
    const { payload, failure } = await execute(call.world, fn, event, call.cause, call.requestId, arn);
    return {
      StatusCode: 200,
      ExecutedVersion: fn.version,
      Payload: payload,
      ...(failure === undefined ? {} : { FunctionError: 'Unhandled' }),
    };
  },
});

function readEvent(payload: Buffer): unknown {
  if (payload.length > largestPayloadBytes)
    throw new AwsError(
      'RequestTooLargeException',
      `${payload.length} byte payload is too large for the InvokeFunction operation (limit ${largestPayloadBytes} bytes)`,
      413,
    );
  if (payload.length === 0) return {};
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw new AwsError(
      'InvalidRequestContentException',
      'Could not parse request body into json: the payload is not valid JSON',
    );
  }
}
