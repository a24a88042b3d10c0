import { AwsError } from '../../world/failure.ts';
import { wildcard } from './wildcard.ts';

/** AWS's refusal of a filter pattern. */
export const invalidPattern = (reason: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid filter pattern: ${reason}`);

/** One token of a condition: `(`, `)`, `&&`, `||`, a comparison, a quoted text or a word. */
export interface Token {
  readonly type: 'sign' | 'text' | 'word';
  readonly text: string;
}

const signs = ['&&', '||', '!=', '>=', '<=', '=', '>', '<', '(', ')'];
/** Patterns have at most 1024 characters, and far fewer tokens make sense. */
const mostTokens = 400;

/** Cuts a condition into tokens. Throws for an open quote and for regular expressions. */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    found.push(token.token);
    at = token.end;
    if (found.length > mostTokens) throw invalidPattern(`it has more than ${mostTokens} parts`);
  }
  return found;
}

function tokenAt(text: string, at: number): { token: Token; end: number } {
  const sign = signs.find((each) => text.startsWith(each, at));
  if (sign !== undefined) return { token: { type: 'sign', text: sign }, end: at + sign.length };
  if (text[at] === '%') throw invalidPattern('regular expressions are not played by the local cloud');
  if (text[at] === '"') {
    const end = closingQuote(text, at);
    return { token: { type: 'text', text: text.slice(at + 1, end).replace(/\\(.)/g, '$1') }, end: end + 1 };
  }
  let end = at;
  let quoted = '';
  while (end < text.length && (quoted !== '' || !/[\s=!<>()&|"]/.test(text[end] ?? ''))) {
    // A selector may hold a name in quotes: $.['cluster.name']
    if (quoted === '' ? text[end] === "'" : text[end] === quoted) quoted = quoted === '' ? "'" : '';
    end += 1;
  }
  if (end === at) throw invalidPattern(`'${text.slice(at, at + 20)}' is not understood`);
  return { token: { type: 'word', text: text.slice(at, end) }, end };
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  throw invalidPattern('a closing quote is missing');
}

/** Whether what was found at a selector or field, undefined when nothing is there, fits. */
export type Test = (found: unknown) => boolean;

/** Whether a token is a bare number. */
export const isNumber = ({ type, text }: Token): boolean =>
  type === 'word' && /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text);

/** The test of a comparison with a value: numbers for a bare number, else texts in which `*` stands for any text. */
export function comparison(operator: string, { type, text }: Token): Test {
  if (type === 'word' && /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text))
    return compareNumbers(operator, Number(text));
  if (operator !== '=' && operator !== '!=') throw invalidPattern(`${operator} compares numbers only`);
  const holds = wildcard(text);
  return (found) =>
    found !== undefined && holds(typeof found === 'string' ? found : JSON.stringify(found)) === (operator === '=');
}

const compareNumbers =
  (operator: string, wanted: number): Test =>
  (found) => {
    if (typeof found !== 'number') return false;
    switch (operator) {
      case '=':
        return found === wanted;
      case '!=':
        return found !== wanted;
      case '>':
        return found > wanted;
      case '<':
        return found < wanted;
      case '>=':
        return found >= wanted;
      default:
        return found <= wanted;
    }
  };

/** Reads conditions joined by `&&` and `||` with parentheses; `&&` binds closer. `atom` reads one, from the token at `at` on. */
export class Conditions<Subject> {
  readonly #tokens: readonly Token[];
  readonly #atom: (conditions: Conditions<Subject>) => (subject: Subject) => boolean;
  #at = 0;
  #depth = 0;

  constructor(all: readonly Token[], atom: (conditions: Conditions<Subject>) => (subject: Subject) => boolean) {
    this.#tokens = all;
    this.#atom = atom;
  }

  /** The whole condition. Throws when something is left over. */
  read(): (subject: Subject) => boolean {
    const found = this.#any();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw invalidPattern(`'${rest.text.slice(0, 100)}' is not expected there`);
    return found;
  }

  /** The next token. Throws at the end. */
  next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw invalidPattern('it ends in the middle of a condition');
    return token;
  }

  /** Whether the next token is that sign or word, which is then taken. */
  takes(type: Token['type'], text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.type !== type || token.text.toUpperCase() !== text) return false;
    this.#at += 1;
    return true;
  }

  #any(): (subject: Subject) => boolean {
    const parts = [this.#all()];
    while (this.takes('sign', '||')) parts.push(this.#all());
    return (subject) => parts.some((holds) => holds(subject));
  }

  #all(): (subject: Subject) => boolean {
    const parts = [this.#one()];
    while (this.takes('sign', '&&')) parts.push(this.#one());
    return (subject) => parts.every((holds) => holds(subject));
  }

  #one(): (subject: Subject) => boolean {
    if (!this.takes('sign', '(')) return this.#atom(this);
    this.#depth += 1;
    if (this.#depth > 50) throw invalidPattern('its parentheses are nested too deep');
    const found = this.#any();
    if (!this.takes('sign', ')')) throw invalidPattern('a closing parenthesis is missing');
    this.#depth -= 1;
    return found;
  }
}
