import type { EventShape } from './event-shape.ts';

/** A value, as JSON, and the steps that lead to it. */
export interface Placed {
  readonly steps: readonly string[];
  readonly value: string;
}

/** The steps of a path. */
export const stepsOf = (path: string): readonly string[] => path.split('.');

/** Writes an event, as JSON, in which the values stand where they are placed; what its shape always has is added. */
export function writeEvent(placed: readonly Placed[], shape: EventShape): string {
  const root = emptyNode();
  for (const [path, { count, example }] of Object.entries(shape.values)) {
    if (count === 'one') nodeAt(root, stepsOf(path)).value = example ?? '""';
  }
  for (const path of shape.open ?? []) if (path !== '') nodeAt(root, stepsOf(path));
  place(root, placed);
  return object(root.children);
}

/** Writes an array with one element for each set of values; their steps begin at the element. Values of one element match together, those of different ones do not. */
export function writeElements(elements: readonly (readonly Placed[])[]): string {
  return `[${elements.map(writeElement).join()}]`;
}

function writeElement(placed: readonly Placed[]): string {
  const root = emptyNode();
  place(root, placed);
  // A scalar would belong to no element of the array: it needs one of its own around it.
  return root.children.size === 0 ? `[${root.value ?? ''}]` : written(root);
}

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

const emptyNode = (): Node => ({ children: new Map() });

function place(root: Node, placed: readonly Placed[]): void {
  for (const { steps, value } of placed) nodeAt(root, steps).value = value;
}

/** Deeper steps are spelled in one key with dots, which means the same, since events nest only so deep. */
const deepest = 100;

function nodeAt(root: Node, steps: readonly string[]): Node {
  const keys = steps.length > deepest ? [...steps.slice(0, deepest), steps.slice(deepest).join('.')] : steps;
  let node = root;
  for (const key of keys) {
    const child = node.children.get(key) ?? emptyNode();
    node.children.set(key, child);
    node = child;
  }
  return node;
}

/** A value and further keys at one path stand in an array together. */
function written({ value, children }: Node): string {
  if (value === undefined) return object(children);
  return children.size === 0 ? value : `[${value},${object(children)}]`;
}

const object = (children: ReadonlyMap<string, Node>): string =>
  `{${[...children].map(([key, child]) => `${JSON.stringify(key)}:${written(child)}`).join()}}`;
