import { AwsError } from '../world/failure.ts';
import type { WireRequest, WireResponse } from './request.ts';

/** AWS Query: a form with `Action`, lists as `Name.member.1`, answers in XML. */
export function readQuery(request: WireRequest): { operation: string; input: Record<string, unknown> } | undefined {
  const form = new URLSearchParams(request.body.length > 0 ? request.body.toString('utf8') : request.query);
  const operation = form.get('Action');
  if (operation === null) return undefined;
  const input: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of form) {
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-')) place(input, name.split('.'), value);
  }
  return { operation, input: listed(input) as Record<string, unknown> };
}

const deepestPath = 12;

function place(into: Record<string, unknown>, path: readonly string[], value: string): void {
  if (path.length > deepestPath)
    throw new AwsError('MalformedQueryString', `parameter ${path.join('.').slice(0, 80)} is nested too deep`);
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const known = into[head];
  const next =
    typeof known === 'object' && known !== null
      ? (known as Record<string, unknown>)
      : (Object.create(null) as Record<string, unknown>);
  into[head] = next;
  place(next, rest, value);
}

/** Turns `{ member: { 1: a, 2: b } }`, `{ entry: … }` and `{ 1: a, 2: b }` into lists and maps. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  const names = Object.keys(object);
  if (names.length === 1 && names[0] === 'member') return listed(object['member']);
  if (names.length === 1 && names[0] === 'entry') {
    // Most services write `key` and `value`; SNS's message attributes `Name` and `Value`.
    const entries = Object.values(object['entry'] as Record<string, Record<string, unknown>>);
    return Object.fromEntries(
      entries.map((entry) => [String(entry['key'] ?? entry['Name']), listed(entry['value'] ?? entry['Value'])]),
    );
  }
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) {
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => listed(object[name]));
  }
  return Object.fromEntries(names.map((name) => [name, listed(object[name])]));
}

/** Writes `<Operation>Response` with `<Operation>Result` around the output; lists are `<member>`s, or repeated elements when `flat`. */
export function writeQuery(
  output: unknown,
  operation: string,
  namespace: string,
  requestId: string,
  flat = false,
): WireResponse {
  const result = `<${operation}Result>${flat ? flatMembers(output) : xmlMembers(output)}</${operation}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xmlResponse(
    200,
    `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`,
    requestId,
  );
}

/** Writes an error in the Query protocol. */
export function writeQueryError(error: AwsError, namespace: string, requestId: string): WireResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const body = `<Error><Type>${type}</Type><Code>${xmlText(queryCode(error.code))}</Code><Message>${xmlText(error.message)}</Message></Error>`;
  return xmlResponse(
    error.status,
    `<ErrorResponse xmlns="${namespace}">${body}<RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

/** EC2 has an error document of its own. */
export const writeEc2Error = (error: AwsError, requestId: string): WireResponse =>
  xmlResponse(
    error.status,
    `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${xmlText(queryCode(error.code))}</Code><Message>${xmlText(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    requestId,
  );

/** True for a request in the Query protocol, also of a service that is not played. */
export const isForm = (request: WireRequest): boolean =>
  request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;

/** The XML protocols spell some codes without `Exception`. */
export const queryCode = (code: string): string =>
  ({
    AccessDeniedException: 'AccessDenied',
    // SNS spells these without `Exception`; SQS has the same errors under other names.
    BatchEntryIdsNotDistinctException: 'BatchEntryIdsNotDistinct',
    BatchRequestTooLongException: 'BatchRequestTooLong',
    EmptyBatchRequestException: 'EmptyBatchRequest',
    InvalidBatchEntryIdException: 'InvalidBatchEntryId',
    TooManyEntriesInBatchRequestException: 'TooManyEntriesInBatchRequest',
    // The codes of SQS, as its model declares them for clients that once spoke Query.
    BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
    EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
    InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
    InvalidParameterValueException: 'InvalidParameterValue',
    MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
    MissingRequiredParameterException: 'MissingParameter',
    PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
    QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
    QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
    QueueNameExists: 'QueueAlreadyExists',
    TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
    ValidationException: 'ValidationError',
    UnknownOperationException: 'InvalidAction',
    UnrecognizedClientException: 'InvalidClientTokenId',
    InvalidSignatureException: 'SignatureDoesNotMatch',
    ExpiredTokenException: 'ExpiredToken',
  })[code] ?? code;

function xmlResponse(status: number, body: string, requestId: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

/** The members of an object as elements; lists as `<member>`. */
export function xmlMembers(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => `<${name}>${xmlValue(member)}</${name}>`)
    .join('');
}

function xmlValue(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlValue(item)}</member>`).join('');
  if (typeof value === 'object' && value !== null) return xmlMembers(value);
  return xmlText(String(value));
}

/** The members of an object as elements; each item of a list is an element of the list's name. */
function flatMembers(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .flatMap(([name, member]: [string, unknown]) =>
      (Array.isArray(member) ? (member as unknown[]) : [member]).map((item) => [name, item] as const),
    )
    .filter(([, item]) => item !== undefined && item !== null)
    .map(([name, item]) => `<${name}>${typeof item === 'object' ? flatMembers(item) : xmlValue(item)}</${name}>`)
    .join('');
}

/** Escapes text for XML; characters that XML 1.0 cannot hold become U+FFFD. */
export const xmlText = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
