import { type Context, noValue, templateError } from './context.ts';
import { resolveDynamicReferences } from './dynamic-references.ts';
import { intrinsicCall, intrinsics } from './intrinsics.ts';
import { isObject } from './refusals.ts';
import { own } from './section.ts';
import { malformed } from './signatures.ts';
import type { Scope } from './types.ts';

type Path = readonly (string | number)[];

const deepestValue = 200;

/**
 * Replaces every intrinsic function in a value of the template. Properties and list elements that are `AWS::NoValue`
 * disappear; a value that is nothing else gives undefined. Errors are `TemplateInvalid` with AWS's text, at `path`.
 */
export function resolve(value: unknown, scope: Scope, path: Path = []): unknown {
  const condition = (name: string) => own(scope.conditions ?? {}, name);
  const resolved = resolveIn(value, { scope, condition, logical: false }, path);
  return resolved === noValue ? undefined : resolveDynamicReferences(resolved, scope, path);
}

/** The walk behind {@link resolve}; conditions and rules use it with the logical functions. May return {@link noValue}. */
export function resolveIn(
  value: unknown,
  world: Pick<Context, 'scope' | 'condition' | 'logical'>,
  path: Path,
): unknown {
  if (path.length > deepestValue) throw templateError({ path: path.slice(0, 5) }, `nested deeper than ${deepestValue}`);
  if (Array.isArray(value))
    return value.map((item, index) => resolveIn(item, world, [...path, index])).filter((item) => item !== noValue);
  if (!isObject(value)) return value;
  const call = intrinsicCall(value, world.logical);
  if (call) {
    const problem = malformed(call.name, call.argument);
    if (problem !== undefined) throw templateError({ path: [...path, call.name] }, problem);
    const at = [...path, call.name];
    const context: Context = {
      ...world,
      path: at,
      resolve: (item, ...steps) => resolveIn(item, world, [...at, ...steps]),
    };
    return intrinsics[call.name]?.(call.argument, context);
  }
  const entries = Object.entries(value).map(([key, item]) => {
    if (key.startsWith('Fn::'))
      throw templateError({ path }, `the function ${key} is unknown, or stands beside other keys`);
    return [key, resolveIn(item, world, [...path, key])] as const;
  });
  return Object.fromEntries(entries.filter(([, item]) => item !== noValue));
}
