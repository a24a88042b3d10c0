import { malformedXml } from '../../services/s3/refusals.ts';

/** An element: its text, or its children, of which one that is repeated is an array. */
type Element = string | { readonly [name: string]: Element | readonly Element[] };

const deepest = 12;
const tag = /<(?:\?[^>]*|!--[\s\S]*?--|(\/?)([A-Za-z_][\w.:-]{0,100})((?:\s[^<>]*)?)(\/?))>/y;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads a document with that root element: elements and text, without attributes, namespaces or declarations of a document type. Throws
 * MalformedXML.
 */
export function readXml(text: string, root: string): Element {
  const open: { readonly name: string; readonly children: Map<string, Element[]>; text: string }[] = [];
  const top = { name: '', children: new Map<string, Element[]>(), text: '' };
  open.push(top);
  for (let at = 0; at < text.length; ) {
    const current = open.at(-1) ?? top;
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      current.text += text.slice(at, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(text);
    if (found === null) throw malformedXml();
    at = tag.lastIndex;
    const [, closes, name, attributes = '', empty] = found;
    if (name === undefined) continue;
    if (closes) {
      if (current.name !== name || open.length === 1) throw malformedXml();
      open.pop();
      keep(open.at(-1) ?? top, current);
      continue;
    }
    const child = { name, children: new Map<string, Element[]>(), text: '' };
    if (empty || attributes.endsWith('/')) keep(current, child);
    else open.push(child);
    if (open.length > deepest) throw malformedXml();
  }
  const [found, another] = top.children.get(root) ?? [];
  if (
    open.length > 1 ||
    top.children.size !== 1 ||
    top.text.replace(/^\ufeff/, '').trim() !== '' ||
    found === undefined ||
    another !== undefined
  )
    throw malformedXml();
  return found;
}

function keep(
  parent: { readonly children: Map<string, Element[]> },
  { name, children, text }: { readonly name: string; readonly children: Map<string, Element[]>; readonly text: string },
): void {
  const value: Element =
    children.size === 0
      ? plain(text)
      : Object.fromEntries([...children].map(([each, all]) => [each, all.length === 1 ? (all[0] ?? '') : all]));
  const known = parent.children.get(name);
  if (known === undefined) parent.children.set(name, [value]);
  else known.push(value);
}

const plain = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g,
    (_whole, decimal?: string, hex?: string, name = '') => {
      if (decimal === undefined && hex === undefined) {
        const found = entities[name as string];
        if (found === undefined) throw malformedXml();
        return found;
      }
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      if (point > 0x10ffff) throw malformedXml();
      return String.fromCodePoint(point);
    },
  );

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Writes a document; a member that is an array is a repeated element, one whose name begins with `@` an attribute. */
export function writeXml(root: string, members: Readonly<Record<string, unknown>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${elements(members)}</${root}>`;
}

function elements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, value]) =>
      Array.isArray(value) ? value.map((each) => element(name, each)).join('') : element(name, value),
    )
    .join('');
}

function element(name: string, value: unknown): string {
  if (value === undefined) return '';
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value !== 'object' || value === null) return `<${name}>${escaped(textOf(value))}</${name}>`;
  const type = (value as Record<string, unknown>)['@xsi:type'];
  const attributes =
    typeof type === 'string' ? ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"` : '';
  return `<${name}${attributes}>${elements(value as Record<string, unknown>)}</${name}>`;
}

/** A text as it is, a number or truth as it is written. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Text in XML. What XML 1.0 cannot hold is written as S3 writes it, as a reference: who has such keys asks for `encoding-type=url`. */
export const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to write otherwise
  text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, (letter) => {
    const name = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[letter];
    return name === undefined ? `&#x${letter.charCodeAt(0).toString(16)};` : `&${name};`;
  });
