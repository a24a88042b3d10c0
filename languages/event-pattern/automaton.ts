/** A step over one UTF-16 unit from `low` to `high`, both included. */
export interface Edge {
  readonly low: number;
  readonly high: number;
  readonly to: number;
}

export const lastUnit = 0xffff;

/** A nondeterministic automaton over the UTF-16 units of a text. It has no empty steps; several nodes may be the start. */
export class Automaton {
  readonly starts: number[] = [];
  /** By node. */
  readonly edges: Edge[][] = [];
  /** The number of the language that is complete at a node. */
  readonly ends = new Map<number, number>();
  private languages = 0;

  /** The number of a new language. */
  language(): number {
    return this.languages++;
  }

  /** A new node. */
  node(): number {
    return this.edges.push([]) - 1;
  }

  /** A new node at which texts begin. */
  start(): number {
    const node = this.node();
    this.starts.push(node);
    return node;
  }

  /** Leads from one node to another over a range of units. */
  step(from: number, to: number, low: number, high = low): void {
    this.edges[from]?.push({ low, high, to });
  }

  /** A node that takes any units before it goes on. */
  loop(node: number): void {
    this.step(node, node, 0, lastUnit);
  }

  /** Leads over a whole text, and ends at `last`, or at a new node. Without a text there is nothing to lead over: answers `from`. */
  word(from: number, text: string, last?: number): number {
    let at = from;
    for (let index = 0; index < text.length; index++) {
      const next = index === text.length - 1 && last !== undefined ? last : this.node();
      this.step(at, next, text.charCodeAt(index));
      at = next;
    }
    return at;
  }
}
