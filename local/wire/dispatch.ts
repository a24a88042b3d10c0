import { Fault } from '../../shared/fault.ts';
import { call } from '../world/call.ts';
import { AwsError } from '../world/failure.ts';
import type { Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { withPlainBody } from './aws-chunked.ts';
import { readJson, targetOf, writeJson, writeJsonError } from './json.ts';
import { isForm, readQuery, writeEc2Error, writeQuery, writeQueryError } from './query.ts';
import type { WireRequest, WireResponse } from './request.ts';
import { routeRest, writeRest } from './rest-json.ts';
import { isRpc, readRpc, writeRpc, writeRpcError } from './rpc-cbor.ts';
import { isS3, readS3, writeS3Error } from './s3.ts';
import { type Signed, verifySignature } from './sigv4.ts';

/** What a request asks for, once its protocol is understood, and how its answer is written. */
interface Asked {
  readonly operation: string;
  readonly input: unknown;
  readonly write: (output: unknown) => WireResponse;
}

/** Answers one signed API request. Never throws: a bug of ours becomes AWS's InternalFailure and a `fault` entry. */
export async function dispatch(world: World, received: WireRequest): Promise<WireResponse> {
  const requestId = world.chance.uuid();
  let request = received;
  let signed: Signed | undefined;
  try {
    signed = verifySignature(world, request);
    if (isS3(signed)) request = withPlainBody(request, signed);
    const asked = understand(world, request, signed, requestId);
    refuseInternal(world, signed, asked);
    const principal = signed.credentials.principal;
    const output = await call(world, {
      caller: principal,
      account: 'account' in principal ? principal.account : '',
      region: signed.region,
      service: serviceName(signed),
      operation: asked.operation,
      input: asked.input,
      requestId,
      ...causeOf(request),
    });
    return asked.write(output);
  } catch (error) {
    return refuse(world, request, signed, awsError(world, request, error), requestId);
  }
}

/** CloudWatch signs as `monitoring`; all other tables go by the signing name. */
const serviceName = (signed: Signed): string => (signed.service === 'monitoring' ? 'cloudwatch' : signed.service);

/** A service by its name, which is a stranger's text. */
const played = (world: World, name: string): Service | undefined =>
  Object.hasOwn(world.services, name) ? world.services[name] : undefined;

function understand(world: World, request: WireRequest, signed: Signed, requestId: string): Asked {
  const service = played(world, serviceName(signed));
  if (service === undefined)
    throw new AwsError('UnknownService', `${signed.service} is not played by the local cloud`, 501);
  if (isS3(signed)) return readS3(request, signed, requestId);
  const rpc = readRpc(request);
  if (rpc !== undefined) return { ...rpc, write: (output) => writeRpc(output, requestId) };
  const target = targetOf(request);
  if (target !== undefined) return jsonAsked(service, request, target.operation, requestId);
  const form = readQuery(request);
  if (form !== undefined && service.queryNamespace !== undefined) {
    return queryAsked(service, service.queryNamespace, form, request, requestId);
  }
  const routed = routeRest(service, request);
  if (routed !== undefined) return { ...routed, write: (output) => writeRest(output, routed.binding, requestId) };
  const name =
    form !== undefined && isForm(request)
      ? `${signed.service}:${form.operation}`
      : `${signed.service} ${request.method} ${request.path}`;
  throw new AwsError('UnknownOperationException', `${name} is not played by the local cloud`, 501);
}

function jsonAsked(service: Service, request: WireRequest, operation: string, requestId: string): Asked {
  const version = service.jsonVersion ?? '1.1';
  return { operation, input: readJson(request.body), write: (output) => writeJson(output, version, requestId) };
}

/** SQS's Query requests may name their queue by the path alone. */
function queryAsked(
  service: Service,
  namespace: string,
  form: { readonly operation: string; readonly input: Record<string, unknown> },
  request: WireRequest,
  requestId: string,
): Asked {
  const { operation } = form;
  const atQueue = service.name === 'sqs' && form.input['QueueUrl'] === undefined && /^\/\d{12}\/./.test(request.path);
  const { flattened } = service;
  return {
    operation,
    input: atQueue ? { ...form.input, QueueUrl: request.path } : form.input,
    write: (output) =>
      flattened === undefined
        ? writeQuery(output, operation, namespace, requestId)
        : writeQuery(flattened(output, operation), operation, namespace, requestId, true),
  };
}

/** An S3 object in one piece, and all else: AWS's largest are functions' archives, in base64. What is longer is refused. */
const largestBodyBytes = { s3: 512 * 1024 * 1024, others: 80 * 1024 * 1024 };

/** All bodies that are read or answered at a time. */
export const bodiesTogetherBytes = 2 * largestBodyBytes.s3;

/** Throws what AWS answers to a body of so many bytes where it is longer than its service takes. */
export function checkLength(head: WireRequest, bytes: number): void {
  const isObject = claimedService(head) === 's3';
  const longest = isObject ? largestBodyBytes.s3 : largestBodyBytes.others;
  if (bytes <= longest) return;
  const text = `the body has ${bytes} bytes, and the local cloud takes ${longest} in one request`;
  throw isObject
    ? new AwsError('EntityTooLarge', `Your proposed upload exceeds the maximum allowed size: ${text}`)
    : new AwsError('RequestEntityTooLargeException', text, 413);
}

/** Refuses a request that was not read to its end, in the protocol of its service. */
export function refuseUnread(world: World, head: WireRequest, error: unknown): WireResponse {
  const answer = refuse(world, head, undefined, awsError(world, head, error), world.chance.uuid());
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

/** What services only do among themselves is no part of the API, in no protocol. */
function refuseInternal(world: World, signed: Signed, { operation }: Asked): void {
  const operations = played(world, serviceName(signed))?.operations ?? {};
  if (Object.hasOwn(operations, operation) && operations[operation]?.internal)
    throw new AwsError('UnknownOperationException', `${operation} is not an API operation`, 501);
}

/** A function's calls carry the journal entry of its invocation as the root of their trace header. */
function causeOf(request: WireRequest): { cause?: string } {
  const cause = /(?:^|;)Cause=(j\d+)/.exec(request.headers['x-amzn-trace-id'] ?? '')?.[1];
  return cause === undefined ? {} : { cause };
}

function awsError(world: World, request: WireRequest, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof Fault) return new AwsError(error.code, error.message);
  world.journal.write({
    kind: 'fault',
    account: '',
    region: '',
    subject: `${request.method} ${request.path}`,
    text: `the local cloud failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  });
  return new AwsError('InternalFailure', 'The local cloud failed; its journal holds the details.', 500);
}

function refuse(
  world: World,
  request: WireRequest,
  signed: Signed | undefined,
  error: AwsError,
  requestId: string,
): WireResponse {
  const name = signed === undefined ? claimedService(request) : serviceName(signed);
  const service = played(world, name);
  if (name === 's3') return writeS3Error(error, request, requestId);
  if (name === 'ec2') return writeEc2Error(error, requestId);
  if (isRpc(request)) return writeRpcError(error, requestId);
  if (targetOf(request) === undefined && (service?.queryNamespace !== undefined || isForm(request)))
    return writeQueryError(error, service?.queryNamespace ?? '', requestId);
  return writeJsonError(error, service?.jsonVersion ?? '1.1', requestId, service?.queryNamespace !== undefined);
}

/** The service that a request was signed for, also when its signature is not valid: it decides how the refusal is written. */
function claimedService(request: WireRequest): string {
  const claim = request.headers['authorization'] ?? new URLSearchParams(request.query).get('X-Amz-Credential') ?? '';
  const name =
    /(?:^|Credential=)[^/,\s]{1,128}\/\d{8}\/[\w-]{1,64}\/([\w-]{1,64})\/aws4_request/.exec(claim)?.[1] ?? '';
  return name === 'monitoring' ? 'cloudwatch' : name;
}
