/** Where something stands in a text, both counted from 1. */
export interface Position {
  readonly Line: number;
  readonly Column: number;
}

/** From behind what comes before a statement to behind its last character: so the policy simulator counts. */
export interface Span {
  readonly StartPosition: Position;
  readonly EndPosition: Position;
}

/** Where the statements of a policy text stand, in their order. The text is valid JSON. One pass. */
export function statementSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const positionOf = positionsIn(text);
  const list = statementValue(text);
  const single = text[skipBlanks(text, list)] !== '[';
  let at = single ? list : skipBlanks(text, list) + 1;
  while (at < text.length && text[skipBlanks(text, at)] === '{') {
    const end = valueEnd(text, skipBlanks(text, at));
    spans.push({ StartPosition: positionOf(at), EndPosition: positionOf(end) });
    const comma = skipBlanks(text, end);
    if (single || text[comma] !== ',') break;
    at = comma + 1;
  }
  return spans;
}

/** Behind the colon of the policy's member `Statement`; the last one counts, as for JSON.parse. */
function statementValue(text: string): number {
  let found = text.length;
  let at = skipBlanks(text, 0) + 1;
  while (at < text.length) {
    const key = skipBlanks(text, at);
    if (text[key] !== '"') break;
    const colon = skipBlanks(text, valueEnd(text, key));
    if (text.slice(key, colon).trim() === '"Statement"') found = colon + 1;
    at = skipBlanks(text, valueEnd(text, skipBlanks(text, colon + 1))) + 1;
  }
  return found;
}

/** Behind the value that begins at `at`: a string, an object or list, or anything up to a comma or bracket. */
function valueEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at);
  if (text[at] !== '{' && text[at] !== '[') {
    let end = at;
    while (end < text.length && !',]}'.includes(text.charAt(end))) end++;
    return end;
  }
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === '"') end = stringEnd(text, end) - 1;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return end + 1;
  }
  return text.length;
}

function stringEnd(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '"') return end + 1;
  }
  return text.length;
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && ' \t\r\n'.includes(text.charAt(next))) next++;
  return next;
}

/** Answers where indexes stand that are asked for in ascending order, in one pass over the text. */
function positionsIn(text: string): (at: number) => Position {
  let [line, start] = [1, 0];
  return (at) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < at; end = text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    return { Line: line, Column: at - start + 1 };
  };
}
