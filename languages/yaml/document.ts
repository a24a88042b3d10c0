import {
  Composer,
  type CST,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { Fault, type FaultCode } from '../../shared/fault.ts';

/** Whose file is read, how it is called in errors, and how long it may be. */
export interface Reading {
  readonly code: FaultCode;
  readonly file: string;
  readonly longestCharacters: number;
}

/** A YAML text as nodes, each of which knows where it stands. JSON is read too, as YAML contains it. */
export interface YamlDocument {
  readonly root: Node | undefined;
  /** `<line>:<column>`, both from 1, of an offset into the text. */
  place(offset: number): string;
  /** The refusal of what stands at a node or an offset: `<file>:<line>:<column>: <text>`. */
  refusal(at: Node | number | undefined, text: string, hint?: string): Fault;
}

/** Deeper texts are hostile: they would exhaust the stack of the parser. */
const deepestNesting = 100;
const mostIndicatorsInARow = 64;
const mostDirectives = 10;
/** Lists and mappings in brackets are the densest YAML there is: a file may hold so many commas in them. */
const mostFlowEntries = 2500;
/** Keys that are written with a question mark; nobody writes so, but each costs as much as four others. */
const mostExplicitKeys = 1000;

/** Tags of YAML 1.1 that CloudFormation does not know. Source: "Template formats" in the CloudFormation guide. */
const tagsLeftOut = /:(binary|omap|pairs|set|timestamp)$/;

/** True for the tags of YAML itself that a text may write out, such as `!!str`. */
export function isPlainTag(tag: string | undefined): boolean {
  return tag === undefined || tag === '!' || /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag);
}

/**
 * Reads one YAML 1.1 document, strictly, in time that grows with its length; anything wrong is a Fault with line and column.
 * Tags that YAML does not know stay on the nodes for the language to judge.
 */
export function readYaml(text: string, reading: Reading): YamlDocument {
  const lines = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const refusal = (at: Node | number | undefined, problem: string, hint?: string): Fault =>
    new Fault(
      reading.code,
      `${reading.file}:${place(typeof at === 'number' ? at : (at?.range?.[0] ?? 0))}: ${problem}`,
      hint,
    );
  checkBeforeParsing(text, reading);
  const tokens = parseTokens(text, lines, refusal);
  const composer = new Composer<ParsedNode, true>({
    version: '1.1',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tagsLeftOut.test(tag.tag)).map(decimal),
  });
  const [composed] = withoutTraces(() => [...composer.compose(tokens)]);
  const error = composed?.errors[0];
  if (error) throw refusal(error.pos[0], error.message.split('\n')[0] ?? error.code);
  return { root: composed?.contents ?? undefined, place, refusal };
}

/** The composer makes an Error of every tag that it does not know, short forms too; their stack traces would cost more than all the rest. */
function withoutTraces<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Numbers with leading zeros that are not octal stay text, so that account ids keep their zeros. */
function decimal(tag: Tags[number]): Tags[number] {
  const isDecimal = typeof tag !== 'string' && 'test' in tag && tag.tag.endsWith(':int') && tag.format === undefined;
  return isDecimal ? ({ ...tag, test: /^[-+]?(?:0|[1-9][0-9_]*)$/ } as ScalarTag) : tag;
}

function checkBeforeParsing(text: string, reading: Reading): void {
  const refuse = (problem: string): Fault => new Fault(reading.code, `${reading.file}:1:1: ${problem}`);
  if (text.length > reading.longestCharacters)
    throw refuse(`the file has ${text.length} characters, and ${reading.longestCharacters} are allowed`);
  // A long run of indicators such as '- - - -' recurses in the lexer, before anything can be counted in tokens.
  let inARow = 0;
  for (const match of text.matchAll(/(\n)|\S+/g)) {
    if (match[1] !== undefined || !/^[-?:!&]/.test(match[0])) inARow = 0;
    else if (++inARow > mostIndicatorsInARow) throw refuse(`a line holds more than ${mostIndicatorsInARow} indicators`);
  }
}

/** Texts become tokens piece by piece, so that a hostile one ends at the first thing that is wrong with it. */
function parseTokens(text: string, lines: LineCounter, refusal: YamlDocument['refusal']): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  const count = { document: 0, directive: 0, flow: 0, entries: 0, explicitKeys: 0 };
  const take = (token: CST.Token): void => {
    if (token.type === 'error') throw refusal(token.offset, token.message);
    if (token.type === 'document' && ++count.document > 1)
      throw refusal(token.offset, 'a second document begins, but only one is read');
    if (token.type === 'directive' && ++count.directive > mostDirectives)
      throw refusal(token.offset, `more than ${mostDirectives} directives`);
    checkNesting(token, refusal);
    tokens.push(token);
  };
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') count.flow++;
    else if (lexeme === ']' || lexeme === '}') count.flow--;
    else if (lexeme === ',' && ++count.entries > mostFlowEntries)
      throw refusal(
        parser.offset,
        `lists and mappings in brackets hold more than ${mostFlowEntries} entries: write them line by line`,
      );
    else if (lexeme === '?' && ++count.explicitKeys > mostExplicitKeys)
      throw refusal(parser.offset, `more than ${mostExplicitKeys} keys are written with a question mark`);
    if (count.flow > deepestNesting) throw refusal(parser.offset, `nested deeper than ${deepestNesting} levels`);
    for (const token of parser.next(lexeme)) take(token);
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

/** Walks without recursion, since it is recursion that deep texts attack. */
function checkNesting(token: CST.Token, refusal: YamlDocument['refusal']): void {
  const pending: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { token: current, depth } = next;
    if (depth > deepestNesting) throw refusal(current.offset, `nested deeper than ${deepestNesting} levels`);
    if ('end' in current && current.end) checkEnd(current.end, refusal);
    if (current.type === 'document' && current.value) pending.push({ token: current.value, depth });
    if (!('items' in current)) continue;
    for (const { start, key, value } of current.items) {
      // Each stray comma is an error of its own, and thousands of errors take seconds to write.
      const commas = start.filter(({ type }) => type === 'comma');
      if (commas[1]) throw refusal(commas[1].offset, 'Unexpected ,');
      if (key) pending.push({ token: key, depth: depth + 1 });
      if (value) pending.push({ token: value, depth: depth + 1 });
    }
  }
}

const harmless: ReadonlySet<CST.Token['type']> = new Set([
  ...(['space', 'newline', 'comment', 'flow-map-end', 'flow-seq-end', 'byte-order-mark', 'doc-end'] as const),
]);

/** What stands behind a value and has no place there: as with commas, the first of many is enough. */
function checkEnd(end: readonly CST.SourceToken[], refusal: YamlDocument['refusal']): void {
  const [first, second] = end.filter(({ type }) => !harmless.has(type));
  if (first && second) throw refusal(first.offset, `Unexpected ${first.type} at node end`);
}
