import { templateError } from './context.ts';
import { isObject, written } from './refusals.ts';
import type { Scope } from './types.ts';

type Path = readonly (string | number)[];

const services = ['ssm', 'ssm-secure', 'secretsmanager'];
const reference = /\{\{resolve:([a-z0-9-]{1,20}):([^{}]{1,2048})\}\}/g;

/** Replaces `{{resolve:<service>:<reference>}}` in every text. Source: "dynamic references" in the CloudFormation guide. */
export function resolveDynamicReferences(value: unknown, scope: Scope, path: Path): unknown {
  if (typeof value === 'string') return value.includes('{{resolve:') ? replaced(value, scope, path) : value;
  if (Array.isArray(value)) return value.map((item, index) => resolveDynamicReferences(item, scope, [...path, index]));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveDynamicReferences(item, scope, [...path, key])]),
  );
}

function replaced(text: string, scope: Scope, path: Path): string {
  return text.replace(reference, (whole, service: string, name: string) => {
    if (!services.includes(service))
      throw templateError(
        { path },
        `the dynamic reference ${whole} names an unknown service; known: ${services.join(', ')}`,
      );
    const value = scope.dynamicReference?.(service, name);
    if (value === undefined)
      throw templateError({ path }, `the dynamic reference ${whole} at ${written(path)} cannot be resolved here`);
    return value;
  });
}
