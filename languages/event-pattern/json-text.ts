/** A JSON value as it was written: keys in order with repetitions, numbers as spelled. */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: JsonNode])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'literal'; readonly text: string };

/** As deep as AWS's JSON reader goes. */
const deepest = 1000;

/** Reads JSON without losing how it was written. Throws SyntaxError with the position of what is wrong. */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(level: number): JsonNode {
    if (level > deepest) throw new SyntaxError(`nested deeper than ${deepest} levels`);
    switch (this.peek()) {
      case '{':
        return { kind: 'object', members: this.list('}', () => this.member(level)) };
      case '[':
        return { kind: 'array', items: this.list(']', () => this.value(level + 1)) };
      case '"':
        return { kind: 'string', text: this.string() };
      default:
        return this.word();
    }
  }

  end(): void {
    if (this.peek() !== '') throw this.unexpected();
  }

  private member(level: number): readonly [string, JsonNode] {
    if (this.peek() !== '"') throw this.unexpected();
    const key = this.string();
    if (this.peek() !== ':') throw this.unexpected();
    this.at++;
    return [key, this.value(level + 1)];
  }

  private list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.at++;
    if (this.peek() === close) this.at++;
    else
      for (let more = true; more; this.at++) {
        items.push(item());
        const next = this.peek();
        if (next !== ',' && next !== close) throw this.unexpected();
        more = next === ',';
      }
    return items;
  }

  private string(): string {
    const start = this.at++;
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) throw new SyntaxError(`the text that begins at position ${start} does not end`);
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    }
    return JSON.parse(this.text.slice(start, ++this.at)) as string;
  }

  private word(): JsonNode {
    const pattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.at;
    const [text] = pattern.exec(this.text) ?? [];
    if (text === undefined) throw this.unexpected();
    this.at += text.length;
    return { kind: /^[tfn]/.test(text) ? 'literal' : 'number', text };
  }

  private peek(): string {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'end')) this.at++;
    return this.text.charAt(this.at);
  }

  private unexpected(): SyntaxError {
    const found = this.text.charAt(this.at);
    return new SyntaxError(found === '' ? 'it ends too early' : `unexpected '${found}' at position ${this.at}`);
  }
}

/** A node as compact JSON. */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.members.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(writeJson).join(',')}]`;
    case 'string':
      return JSON.stringify(node.text);
    default:
      return node.text;
  }
}
