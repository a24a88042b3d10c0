import type { AwsError } from '../world/failure.ts';
import { AwsError as Failure } from '../world/failure.ts';
import { queryCode } from './query.ts';
import type { WireRequest, WireResponse } from './request.ts';

/** AWS JSON 1.0 and 1.1: the operation stands in `X-Amz-Target`, input and output are JSON, times are epoch seconds. */
export const targetOf = (request: WireRequest): { prefix: string; operation: string } | undefined => {
  const target = request.headers['x-amz-target'];
  if (target === undefined) return undefined;
  const dot = target.lastIndexOf('.');
  return { prefix: target.slice(0, Math.max(0, dot)), operation: target.slice(dot + 1) };
};

/** Reads a JSON body; an empty one is an empty object. Throws SerializationException. */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Failure('SerializationException', 'the request body is not valid JSON');
  }
}

/** Writes an answer; members that are Date become epoch seconds, Buffers base64, undefined members vanish. */
export function writeJson(output: unknown, version: string, requestId: string): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId },
    body: JSON.stringify(jsonValue(output ?? {})),
  };
}

/**
 * Writes an error. Services that once spoke Query also tell the code they had there: old clients go by `x-amzn-query-error`, and boto3
 * does wherever it stands, so other services must not send it.
 */
export function writeJsonError(
  error: AwsError,
  version: string,
  requestId: string,
  onceSpokeQuery: boolean,
): WireResponse {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  return {
    status: error.status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
      ...(onceSpokeQuery ? { 'x-amzn-query-error': `${queryCode(error.code)};${fault}` } : {}),
    },
    body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.members }),
  };
}

/** The JSON form of an output: Date as epoch seconds, Buffer as base64. */
export function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonValue(member)]));
}
