import { Fault } from '../../shared/fault.ts';
import { deepestLevel, LeafCollector } from './leaf-collector.ts';
import { follow, lengthBit, type PathTree } from './path-tree.ts';
import type { Element, Leaves } from './types.ts';

/**
 * The scalars of an event, given as JSON text, at the paths of a tree. Everything else is skipped without being decoded, so the text has to be
 * JSON; what is noticed to be malformed throws EventMalformed. Of keys that stand twice, both values are found. `into` is an empty collector to be used again.
 */
export function leavesOfText(text: string, paths: PathTree, into = new LeafCollector()): Leaves {
  new Scanner(text, into).event(paths);
  return into;
}

const [quote, comma, colon] = [0x22, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** So many names are compared one by one instead of being looked up. */
const fewNames = 8;

class Scanner {
  private readonly found: LeafCollector;
  private readonly text: string;
  private at = 0;
  /** Where the next backslash stands; the length of the text when there is none. */
  private escape: number;

  constructor(text: string, found: LeafCollector) {
    this.text = text;
    this.found = found;
    this.escape = this.nextEscape(0);
  }

  event(paths: PathTree): void {
    if (this.skipSpace() !== openBrace) throw this.malformed();
    this.object(paths, undefined, 0);
  }

  private object(tree: PathTree, element: Element | undefined, level: number): void {
    this.at++;
    if (this.skipSpace() === closeBrace) {
      this.at++;
      return;
    }
    for (;;) {
      if (this.skipSpace() !== quote) throw this.malformed();
      const next = this.key(tree);
      if (this.skipSpace() !== colon) throw this.malformed();
      this.at++;
      if (next === undefined) this.skipValue();
      else this.value(next, element, level + 1);
      if (this.closes(closeBrace)) return;
    }
  }

  private value(tree: PathTree, element: Element | undefined, level: number): void {
    const first = this.skipSpace();
    if (level > deepestLevel) return this.skipValue();
    if (first === openBrace) {
      if (tree.children.size === 0) this.skipValue();
      else this.object(tree, element, level);
    } else if (first === openBracket) this.array(tree, element, level);
    else if (tree.slot < 0) this.skipValue();
    else if (first === quote) this.found.add(tree.slot, 'string', this.string(), element);
    else this.word(tree.slot, first, element);
  }

  private array(tree: PathTree, element: Element | undefined, level: number): void {
    const array = this.found.array();
    this.at++;
    if (this.skipSpace() === closeBracket) {
      this.at++;
      return;
    }
    for (;;) {
      const first = this.skipSpace();
      const composite = first === openBrace || first === openBracket;
      this.value(tree, composite ? this.found.element(array, element) : element, level + 1);
      if (this.closes(closeBracket)) return;
    }
  }

  /** After a value: true at the end of the list, false at a comma. */
  private closes(close: number): boolean {
    const found = this.skipSpace();
    if (found !== comma && found !== close) throw this.malformed();
    this.at++;
    return found === close;
  }

  /** Where a key leads. Most keys are dismissed by their length. */
  private key(tree: PathTree): PathTree | undefined {
    const start = this.at + 1;
    const end = this.text.indexOf('"', start);
    if (end < 0) throw this.malformed();
    if (this.escape < end) return follow(tree, this.string());
    this.at = end + 1;
    const child = (tree.lengths & lengthBit(end - start)) === 0 ? undefined : this.childAt(tree, start, end);
    if (child !== undefined) return child;
    for (const prefix of tree.dotted) {
      if (this.text.startsWith(prefix, start)) return follow(tree, this.text.slice(start, end));
    }
    return undefined;
  }

  /** The child with the name that stands there. A few names are compared in place. */
  private childAt({ children, names }: PathTree, start: number, end: number): PathTree | undefined {
    if (names.length > fewNames) return children.get(this.text.slice(start, end));
    for (const name of names) {
      if (name.length === end - start && this.text.startsWith(name, start)) return children.get(name);
    }
    return undefined;
  }

  private string(): string {
    const start = this.at;
    this.skipString();
    const plain = this.text.slice(start + 1, this.at - 1);
    if (!plain.includes('\\')) return plain;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      throw this.malformed();
    }
  }

  private word(slot: number, first: number, element: Element | undefined): void {
    const start = this.at;
    this.skipWord();
    if (this.at === start) throw this.malformed();
    const number = first === 0x2d || (first >= 0x30 && first <= 0x39);
    this.found.add(slot, number ? 'number' : 'literal', this.text.slice(start, this.at), element);
  }

  private skipValue(): void {
    if (this.skipSpace() === quote) this.skipString();
    else this.skipOther();
  }

  private skipOther(): void {
    let open = 0;
    do {
      const found = this.skipSpace();
      if (found === quote) this.skipString();
      else if (found === openBrace || found === openBracket) {
        open++;
        this.at++;
      } else if (found === closeBrace || found === closeBracket) {
        if (open === 0) throw this.malformed();
        open--;
        this.at++;
      } else if (open > 0 && (found === comma || found === colon)) this.at++;
      else {
        const start = this.at;
        this.skipWord();
        if (this.at === start) throw this.malformed();
      }
    } while (open > 0);
  }

  private skipString(): void {
    let end = this.text.indexOf('"', this.at + 1);
    while (this.escape < end) {
      const after = this.escape + 2;
      this.escape = this.nextEscape(after);
      if (after > end) end = this.text.indexOf('"', after);
    }
    if (end < 0) throw this.malformed();
    this.at = end + 1;
  }

  /** Numbers and literals end at punctuation or space. */
  private skipWord(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code <= 0x20 || code === comma || code === closeBrace || code === closeBracket || code === quote) return;
      if (code === colon || code === openBrace || code === openBracket) return;
    }
  }

  /** The code of the next character that is no space; NaN at the end. */
  private skipSpace(): number {
    let code = this.text.charCodeAt(this.at);
    while (code <= 0x20) code = this.text.charCodeAt(++this.at);
    return code;
  }

  private nextEscape(from: number): number {
    const found = this.text.indexOf('\\', from);
    return found < 0 ? this.text.length : found;
  }

  private malformed(): Fault {
    return new Fault('EventMalformed', `the event is not a JSON object: see position ${this.at}`);
  }
}
