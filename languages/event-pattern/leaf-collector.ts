import { comparable } from './comparable.ts';
import type { Element, Leaf, Leaves } from './types.ts';

/** Collects the leaves of one event; the readers of values and of texts feed it. */
export class LeafCollector implements Leaves {
  readonly bySlot: (Leaf[] | undefined)[] = [];
  readonly slots: number[] = [];
  inArrays = false;
  private elements = 0;
  private arrays = 0;

  /** Empties it for the next event. */
  clear(): void {
    for (const slot of this.slots) this.bySlot[slot] = undefined;
    this.slots.length = 0;
    this.inArrays = false;
    this.elements = 0;
    this.arrays = 0;
  }

  /** Takes a scalar. */
  add(slot: number, type: Leaf['type'], text: string, element: Element | undefined): void {
    const leaf: Leaf = { type, text, comparable: type === 'number' ? comparable(Number(text)) : Number.NaN, element };
    if (element !== undefined) this.inArrays = true;
    const known = this.bySlot[slot];
    if (known !== undefined) known.push(leaf);
    else {
      this.bySlot[slot] = [leaf];
      this.slots.push(slot);
    }
  }

  /** The number of a new array. */
  array(): number {
    return this.arrays++;
  }

  /** A new element of an array. Scalars right in an array belong to no element, so they are free to match with anything. */
  element(array: number, parent: Element | undefined): Element {
    return { id: this.elements++, array, parent };
  }
}

/** An event may be nested this deep; what stands deeper is not seen. Source: PutEvents, "nesting up to 1000 levels". */
export const deepestLevel = 1000;
