import { deepestLevel, LeafCollector } from './leaf-collector.ts';
import { follow, type PathTree } from './path-tree.ts';
import type { Element, Leaves } from './types.ts';

/** The scalars of an event (a parsed JSON value) at the paths of a tree. */
export function leavesOfValue(event: unknown, paths: PathTree): Leaves {
  const found = new LeafCollector();
  if (typeof event === 'object' && event !== null && !Array.isArray(event)) visit(event, paths, undefined, 0);
  return found;

  function visit(value: unknown, at: PathTree, element: Element | undefined, level: number): void {
    if (level > deepestLevel) return;
    if (Array.isArray(value)) visitArray(value, at, element, level);
    else if (typeof value === 'object' && value !== null) visitObject(value, at, element, level);
    else if (at.slot >= 0) addScalar(at.slot, value, element);
  }

  function visitObject(object: object, at: PathTree, element: Element | undefined, level: number): void {
    if (at.children.size === 0) return;
    for (const key of Object.keys(object)) {
      const next = follow(at, key);
      if (next) visit((object as Record<string, unknown>)[key], next, element, level + 1);
    }
  }

  function visitArray(items: readonly unknown[], at: PathTree, element: Element | undefined, level: number): void {
    const array = found.array();
    for (const item of items) {
      const composite = typeof item === 'object' && item !== null;
      visit(item, at, composite ? found.element(array, element) : element, level + 1);
    }
  }

  function addScalar(slot: number, value: unknown, element: Element | undefined): void {
    if (typeof value === 'string') found.add(slot, 'string', value, element);
    else if (typeof value === 'number') found.add(slot, 'number', JSON.stringify(value), element);
    else if (typeof value === 'boolean' || value === null) found.add(slot, 'literal', String(value), element);
  }
}
