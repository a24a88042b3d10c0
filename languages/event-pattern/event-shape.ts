/**
 * What is known about the events in question. At a path of `values` no array nor object stands and nothing stands below it; what is above it is an object.
 * Elsewhere anything may stand inside the objects of `open`: any JSON, with arrays of arrays and keys with dots.
 */
export interface EventShape {
  readonly values: Readonly<Record<string, ValueShape>>;
  /** Paths of objects that are always there; left out: the event itself. */
  readonly open?: readonly string[];
}

/** What is known about the values at a path. */
export interface ValueShape {
  readonly count: 'one' | 'at-most-one' | 'any-number';
  readonly type: 'text' | 'scalar';
  /** JSON of such a value, for examples when `count` is `one`. */
  readonly example?: string;
}

/** Any JSON object: a field may hold several values at once, in an array. */
export const anyEvent: EventShape = { values: {} };

const one = (example: string): ValueShape => ({ count: 'one', type: 'text', example: JSON.stringify(example) });

/** What EventBridge delivers: its envelope, and anything in `detail`. Source: "Events" in the EventBridge guide; `replay-name` from "Archiving and replaying events". */
export const busEvent: EventShape = {
  values: {
    version: one('0'),
    id: one('6a7e8feb-b491-4cf7-a9f1-bf3703467718'),
    'detail-type': one('example'),
    source: one('example'),
    account: one('111111111111'),
    time: one('2026-01-01T00:00:00Z'),
    region: one('eu-west-1'),
    resources: { count: 'any-number', type: 'text' },
    'replay-name': { count: 'at-most-one', type: 'text' },
  },
  open: ['detail'],
};

/** A shape with more paths that hold at most one value, as the sender of the events makes them. */
export const withSingle = (shape: EventShape, paths: readonly string[]): EventShape => ({
  ...shape,
  values: {
    ...shape.values,
    ...Object.fromEntries(paths.map((path) => [path, { count: 'at-most-one', type: 'scalar' } as const])),
  },
});

/** What may stand at a path: values of a known shape, anything, or nothing. */
export type Standing = { readonly kind: 'known'; readonly value: ValueShape } | { readonly kind: 'free' | 'nothing' };

/** Looks up what may stand at a path. */
export function standingAt(path: string, { values, open = [''] }: EventShape): Standing {
  if (Object.hasOwn(values, path)) return { kind: 'known', value: values[path] as ValueShape };
  const known = Object.keys(values);
  if (known.some((each) => isBelow(each, path) || isBelow(path, each))) return { kind: 'nothing' };
  if (open.some((each) => each === path || (each !== '' && isBelow(each, path)))) return { kind: 'nothing' };
  return { kind: open.some((each) => each === '' || isBelow(path, each)) ? 'free' : 'nothing' };
}

const isBelow = (path: string, above: string): boolean => path.startsWith(`${above}.`);

/**
 * The topmost step on the way to a free path at which an array may stand. Two values can stand in different elements of one array when this is the same for
 * both their paths.
 */
export function arrayAbove(path: string, { values, open = [] }: EventShape): string {
  const objects = [...Object.keys(values), ...open];
  const steps = path.split('.');
  for (let length = 1; length < steps.length; length++) {
    const above = steps.slice(0, length).join('.');
    if (!objects.some((each) => each === above || isBelow(each, above))) return above;
  }
  return path;
}
