/** The longest JSONPath that AWS takes. */
const longestPath = 256;

/** Whether a text is a path of the dot and bracket notation that EventBridge reads: `$`, `$.detail.id`, `$.resources[0]`. */
export const isPath = (path: string): boolean =>
  path.length <= longestPath && /^\$(\.[\w-]+|\[\d+\]|\['[^']*'\])*$/.test(path);

/** What stands at a path, or undefined. */
export function readPath(value: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    value,
  );
}
