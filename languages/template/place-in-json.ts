/**
 * Where a path of valid JSON stands, as `<line>:<column>` from 1: the place of the key or the element that its last step names, as far as the path exists.
 * Of a key that stands twice the last counts. Nothing but offsets is made of the text, so that the place of an error costs no more than reading did.
 */
export function placeInJson(text: string, path: readonly (string | number)[]): string {
  let value = skipSpace(text, 0);
  let offset = value;
  for (const step of path) {
    const found = childOf(text, value, step);
    if (found) ({ value, offset } = found);
  }
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

interface Child {
  readonly value: number;
  /** Of the key in an object, of the value in an array. */
  readonly offset: number;
}

function childOf(text: string, value: number, step: string | number): Child | undefined {
  const open = text[value];
  if (open !== '{' && open !== '[') return undefined;
  let found: Child | undefined;
  let at = skipSpace(text, value + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    const offset = at;
    if (open === '{') at = skipSpace(text, skipSpace(text, skipString(text, at)) + 1);
    const isWanted = open === '[' ? index === Number(step) : keyAt(text, offset) === String(step);
    if (isWanted) found = { value: at, offset };
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

const keyAt = (text: string, at: number): unknown => JSON.parse(text.slice(at, skipString(text, at)));

function skipSpace(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function skipString(text: string, at: number): number {
  for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}

/** Counts brackets rather than recurse: JSON may nest deeper than the stack. */
function skipValue(text: string, at: number): number {
  let open = 0;
  do {
    const character = text[at];
    if (character === '"') at = skipString(text, at);
    else {
      if (character === '{' || character === '[') open++;
      else if (character === '}' || character === ']') open--;
      at++;
    }
  } while (at < text.length && (open > 0 || !/[\s,}\]]/.test(text[at] ?? '')));
  return at;
}
