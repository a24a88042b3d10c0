import type { AwsError } from '../world/failure.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import type { WireRequest, WireResponse } from './request.ts';

/** Smithy RPC v2 with CBOR, which newer clients of CloudWatch speak: the operation stands in the path, times are epoch seconds. */
export function readRpc(request: WireRequest): { operation: string; input: unknown } | undefined {
  const [, operation] = /^\/service\/\w+\/operation\/(\w+)$/.exec(request.path) ?? [];
  if (operation === undefined || request.headers['smithy-protocol'] !== 'rpc-v2-cbor') return undefined;
  return { operation, input: request.body.length === 0 ? {} : decodeCbor(request.body) };
}

/** Whether a request speaks this protocol, so that its refusal does too. */
export const isRpc = (request: WireRequest): boolean => request.headers['smithy-protocol'] === 'rpc-v2-cbor';

const headers = (requestId: string) => ({
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
});

/** Writes an answer. */
export const writeRpc = (output: unknown, requestId: string): WireResponse => ({
  status: 200,
  headers: headers(requestId),
  body: encodeCbor(output ?? {}),
});

/** Writes an error; `x-amzn-query-error` serves the services that once spoke Query. */
export const writeRpcError = (error: AwsError, requestId: string): WireResponse => ({
  status: error.status,
  headers: {
    ...headers(requestId),
    'x-amzn-query-error': `${error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}`,
  },
  body: encodeCbor({ __type: error.code, message: error.message, ...error.members }),
});
