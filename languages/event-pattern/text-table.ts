/** Until then the built-in map is as quick. */
const fewTexts = 32;

/**
 * A table from texts to values that stays quick when it is large and every look-up is for another text: hashes stand together in one typed array, so
 * that a look-up touches little memory, where the built-in map follows pointers to each candidate.
 */
export class TextTable<Value> {
  private few: Map<string, Value> | undefined = new Map();
  /** Pairs of a hash and the number of its entry, from 1; 0 where there is none. At most half are taken. */
  private slots = new Int32Array(0);
  private readonly texts: string[] = [];
  private readonly values: Value[] = [];

  get(text: string): Value | undefined {
    if (this.few !== undefined) return this.few.get(text);
    const entry = this.slots[this.find(text, hashOf(text)) + 1] ?? 0;
    return entry === 0 ? undefined : this.values[entry - 1];
  }

  set(text: string, value: Value): void {
    if (this.few !== undefined) {
      this.few.set(text, value);
      if (this.few.size > fewTexts) this.spread(this.few);
      return;
    }
    const hash = hashOf(text);
    const at = this.find(text, hash);
    const entry = this.slots[at + 1] ?? 0;
    if (entry > 0) this.values[entry - 1] = value;
    else this.add(at, hash, text, value);
  }

  private spread(few: ReadonlyMap<string, Value>): void {
    this.few = undefined;
    this.slots = new Int32Array(8 * fewTexts);
    for (const [text, value] of few) this.set(text, value);
  }

  private add(at: number, hash: number, text: string, value: Value): void {
    this.texts.push(text);
    this.values.push(value);
    this.slots[at] = hash;
    this.slots[at + 1] = this.texts.length;
    if (this.texts.length * 4 > this.slots.length) this.grow();
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const [hash = 0, entry = 0] = [before[at], before[at + 1]];
      if (entry === 0) continue;
      const free = this.find(undefined, hash);
      this.slots[free] = hash;
      this.slots[free + 1] = entry;
    }
  }

  /** Where a text stands, or the free place for it. */
  private find(text: string | undefined, hash: number): number {
    const mask = this.slots.length - 1;
    for (let at = (hash << 1) & mask; ; at = (at + 2) & mask) {
      const entry = this.slots[at + 1] ?? 0;
      if (entry === 0 || (this.slots[at] === hash && this.texts[entry - 1] === text)) return at;
    }
  }
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
