/** The paths somebody asks events for, step by step. */
export interface PathTree {
  readonly children: Map<string, PathTree>;
  /** The names of the children. */
  readonly names: string[];
  /** Steps into children that have children, each with a dot behind it: an event may spell them in one key (`"a.b"`). */
  readonly dotted: string[];
  /** Bit n is set when a child's name has n characters, so that other keys of an event need no look-up. Bit 31 stands for 31 and more. */
  lengths: number;
  /** The number of the path that ends here, or -1. */
  slot: number;
}

/** A tree without paths. */
export const emptyTree = (): PathTree => ({ children: new Map(), names: [], dotted: [], lengths: 0, slot: -1 });

/** The slot of a path, which is added to the tree with the slot `fresh` when it is new. */
export function addPath(tree: PathTree, path: string, fresh: number): number {
  let node = tree;
  const steps = path.split('.');
  for (const [index, step] of steps.entries()) {
    let child = node.children.get(step);
    if (child === undefined) {
      child = emptyTree();
      node.children.set(step, child);
      node.names.push(step);
      node.lengths |= lengthBit(step.length);
    }
    const prefix = `${step}.`;
    if (index < steps.length - 1 && !node.dotted.includes(prefix)) node.dotted.push(prefix);
    node = child;
  }
  if (node.slot < 0) node.slot = fresh;
  return node.slot;
}

/** The bit of {@link PathTree.lengths} for a name of this many characters. */
export const lengthBit = (characters: number): number => 1 << (characters < 31 ? characters : 31);

/** Where a key of an event leads; a dotted key leads as many steps down as it spells. */
export function follow(tree: PathTree, key: string): PathTree | undefined {
  const child = tree.children.get(key);
  if (child !== undefined || !key.includes('.')) return child;
  let node: PathTree | undefined = tree;
  for (const step of key.split('.')) node = node?.children.get(step);
  return node;
}
