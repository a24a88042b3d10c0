/** A report file that is not what its format says; the message tells what is wrong and where. */
export class ReportUnreadable extends Error {}

/** An element of a report; names keep no namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, references resolved. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** JUnit and TestNG nest a handful of levels; a report deeper than this is none. */
const deepest = 100;
const mostElements = 1_000_000;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const beginning = /([A-Za-z_][\w.:-]{0,199})/y;
const attribute = /\s{1,1000}([A-Za-z_][\w.:-]{0,199})\s{0,20}=\s{0,20}(?:"([^"<]*)"|'([^'<]*)')/y;
const ending = /\s{0,1000}(\/?)>/y;
const closing = /<\/([A-Za-z_][\w.:-]{0,199})\s{0,1000}>/y;

/**
 * Reads a well-formed XML document in one pass. A document type is skipped without being looked into (JaCoCo and Clover write one) and refused when
 * it declares anything, so no entity can be defined and none is fetched. Throws ReportUnreadable with the line.
 */
export function readReportXml(text: string): XmlElement {
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [top];
  let elements = 0;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) {
    const current = open.at(-1) ?? top;
    const refuse = (problem: string) => refusal(text, at, problem);
    if (text[at] !== '<') {
      const end = endOf(text, '<', at) ?? text.length;
      current.text += plain(text.slice(at, end), refuse);
      at = end;
    } else if (text.startsWith('</', at)) {
      const name = match(closing, text, at)?.[1];
      if (name === undefined || unprefixed(name) !== current.name || open.length === 1)
        throw refuse(`</${name ?? '?'}> does not close <${current.name}>`);
      open.pop();
      at = closing.lastIndex;
    } else if (/[!?]/.test(text[at + 1] ?? '')) {
      const { end, kept } = special(text, at, refuse);
      current.text += kept;
      at = end;
    } else {
      const { element, end, empty } = start(text, at, refuse);
      current.children.push(element);
      if (!empty) open.push(element);
      if (open.length > deepest) throw refuse(`more than ${deepest} elements within each other`);
      if (++elements > mostElements) throw refuse(`more than ${mostElements} elements`);
      at = end;
    }
  }
  const [root, another] = top.children;
  if (open.length > 1) throw refusal(text, text.length, `<${open.at(-1)?.name ?? ''}> is not closed`);
  if (root === undefined || another !== undefined || top.text.trim() !== '')
    throw refusal(text, 0, 'a document has one element at the top and no text beside it');
  return root;
}

function start(text: string, at: number, refuse: (problem: string) => Error) {
  const name = match(beginning, text, at + 1)?.[1];
  if (name === undefined) throw refuse('a `<` begins no element');
  const attributes = Object.create(null) as Record<string, string>;
  let end = beginning.lastIndex;
  for (let found = match(attribute, text, end); found !== null; found = match(attribute, text, end)) {
    const key = unprefixed(found[1] ?? '');
    attributes[key] ??= plain(found[2] ?? found[3] ?? '', refuse);
    end = attribute.lastIndex;
  }
  const last = match(ending, text, end);
  if (last === null) throw refuse(`<${name}> is not well-formed`);
  const element: OpenElement = { name: unprefixed(name), attributes, children: [], text: '' };
  return { element, end: ending.lastIndex, empty: last[1] === '/' };
}

/** Comments, CDATA, processing instructions and the document type. */
function special(text: string, at: number, refuse: (problem: string) => Error): { end: number; kept: string } {
  const until = (mark: string, from: number) => {
    const end = endOf(text, mark, at + from);
    if (end === undefined) throw refuse(`${text.slice(at, at + 9)} is not closed`);
    return end;
  };
  if (text.startsWith('<?', at)) return { end: until('?>', 2) + 2, kept: '' };
  if (text.startsWith('<!--', at)) return { end: until('-->', 4) + 3, kept: '' };
  if (text.startsWith('<![CDATA[', at)) {
    const end = until(']]>', 9);
    return { end: end + 3, kept: text.slice(at + 9, end) };
  }
  if (!text.startsWith('<!DOCTYPE', at)) throw refuse('unknown declaration');
  const end = until('>', 9);
  if (text.slice(at, end).includes('[')) throw refuse('a document type that declares something is refused');
  return { end: end + 1, kept: '' };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOf(text: string, mark: string, from: number): number | undefined {
  const end = text.indexOf(mark, from);
  return end < 0 ? undefined : end;
}

const unprefixed = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

const plain = (text: string, refuse: (problem: string) => Error): string =>
  text.replace(/&(?:#(\d{1,7});|#x([0-9a-fA-F]{1,6});|(\w{1,8});)?/g, (whole, decimal, hex, name) => {
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    const found = entities[String(name)];
    if (found === undefined || whole === '&') throw refuse(`${whole} is no reference that XML knows`);
    return found;
  });

const refusal = (text: string, at: number, problem: string): ReportUnreadable =>
  new ReportUnreadable(`line ${text.slice(0, at).split('\n').length}: ${problem}`);
