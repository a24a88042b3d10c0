import { AwsError } from '../world/failure.ts';
import type { HttpBinding, Operation, Service } from '../world/service.ts';
import { jsonValue, readJson } from './json.ts';
import type { WireRequest, WireResponse } from './request.ts';

/** A REST operation found by method and path, with the input taken from path, query, headers and body. */
export interface Routed {
  readonly operation: string;
  readonly binding: HttpBinding;
  readonly input: Record<string, unknown>;
}

/** Finds the operation that a REST request addresses. */
export function routeRest(service: Service, request: WireRequest): Routed | undefined {
  for (const [operation, declared] of Object.entries<Operation>(service.operations)) {
    const binding = declared.http;
    if (binding === undefined || binding.method !== request.method) continue;
    const fromPath = matchPath(binding.path, request.path);
    if (fromPath !== undefined) return { operation, binding, input: { ...restInput(binding, request), ...fromPath } };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)(\+?)\}$/.exec(part);
    if (name?.[2] === '+') {
      found[name[1] ?? ''] = given.slice(index).map(decode).join('/');
      return found;
    }
    const segment = given[index];
    if (segment === undefined) return undefined;
    if (name) found[name[1] ?? ''] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return given.length === wanted.length ? found : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError(
      'InvalidRequestException',
      `the path segment '${segment.slice(0, 80)}' is not percent-encoded properly`,
    );
  }
}

function restInput(binding: HttpBinding, request: WireRequest): Record<string, unknown> {
  const query = new URLSearchParams(request.query);
  const body =
    binding.payload === undefined
      ? (readJson(request.body) as Record<string, unknown>)
      : { [binding.payload]: request.body };
  const fromQuery = Object.entries(binding.query ?? {}).flatMap(([name, member]) =>
    query.has(name) ? [[member, oneOrAll(query.getAll(name))]] : [],
  );
  const fromHeaders = Object.entries(binding.headers ?? {}).flatMap(([name, member]) =>
    request.headers[name] === undefined ? [] : [[member, request.headers[name]]],
  );
  return { ...body, ...Object.fromEntries(fromQuery), ...Object.fromEntries(fromHeaders) } as Record<string, unknown>;
}

/** A query parameter that is repeated is a list. */
const oneOrAll = (values: readonly string[]): unknown => (values.length > 1 ? values : values[0]);

/** Writes a REST answer: status, bound headers, and the payload or the rest as JSON. */
export function writeRest(output: unknown, binding: HttpBinding, requestId: string): WireResponse {
  const members = { ...(output as Record<string, unknown> | undefined) };
  const take = (name: string) => {
    const value = members[name];
    delete members[name];
    return value;
  };
  const status = typeof binding.status === 'string' ? Number(take(binding.status)) : (binding.status ?? 200);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  for (const [member, header] of Object.entries(binding.answerHeaders ?? {})) {
    const value = take(member);
    if (value !== undefined) headers[header] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  if (binding.answers !== undefined)
    return { status, headers, body: (take(binding.answers) as Buffer | string | undefined) ?? '' };
  return { status, headers, body: status === 204 ? '' : JSON.stringify(jsonValue(members)) };
}
