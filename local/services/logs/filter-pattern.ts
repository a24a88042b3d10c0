import { AwsError } from '../../world/failure.ts';

/** Whether a line is let through. */
export type LineFilter = (message: string) => boolean;

/**
 * Reads a filter pattern: terms (`ERROR "out of memory"`, all must occur; `-term` must not; `?a ?b` any), and JSON patterns
 * (`{ $.level = "ERROR" && $.code >= 500 }`). Space-delimited patterns `[…]` and regular expressions are refused by name.
 * Source: the filter pattern syntax page of the CloudWatch Logs guide.
 */
export function parseFilter(pattern: string): LineFilter {
  const text = pattern.trim();
  if (text.length > 1024) throw invalid('it is longer than 1024 characters');
  if (text === '' || text === '""') return () => true;
  if (text.startsWith('{')) return jsonFilter(text);
  if (text.startsWith('[')) throw invalid('space-delimited patterns are not played by the local cloud');
  if (/^-?%/.test(text)) throw invalid('regular expressions are not played by the local cloud');
  return termFilter(text);
}

function termFilter(text: string): LineFilter {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    term: quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '',
  }));
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const any = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    all.every(({ term }) => message.includes(term)) &&
    none.every(({ term }) => !message.includes(term)) &&
    (any.length === 0 || all.length > 0 || any.some(({ term }) => message.includes(term)));
}

type Condition = (value: unknown) => boolean;

/** Conditions joined by `&&` or `||`; `&&` binds closer; no parentheses. */
function jsonFilter(text: string): LineFilter {
  if (!text.endsWith('}')) throw invalid('the closing brace is missing');
  const alternatives = splitOutside(text.slice(1, -1), '||').map((part) => splitOutside(part, '&&').map(condition));
  return (message) => {
    const value = parsed(message);
    return value !== undefined && alternatives.some((all) => all.every((holds) => holds(value)));
  };
}

/** Splits at a separator that stands outside of quotes. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [''];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (!quoted && text.startsWith(separator, at)) {
      parts.push('');
      at += separator.length - 1;
    } else parts[parts.length - 1] += text[at] ?? '';
  }
  return parts;
}

function condition(text: string): Condition {
  const exists = /^\s*\$\.([\w.[\]-]+)\s+(IS NULL|IS TRUE|IS FALSE|NOT EXISTS)\s*$/.exec(text);
  if (exists) {
    const [, path = '', what = ''] = exists;
    const wanted = { 'IS NULL': null, 'IS TRUE': true, 'IS FALSE': false, 'NOT EXISTS': undefined }[what];
    return (value) => at(value, path) === wanted;
  }
  const [, path = '', operator = '', quoted, bare = ''] =
    /^\s*\$\.([\w.[\]-]+)\s*(!=|>=|<=|=|>|<)\s*(?:"([^"]*)"|([^\s"]+))\s*$/.exec(text) ?? [];
  if (operator === '') throw invalid(`'${text.trim().slice(0, 100)}' is not of the form $.name = "value"`);
  if (quoted !== undefined || !/^-?\d+(\.\d+)?$/.test(bare)) return textCondition(path, operator, quoted ?? bare);
  return numberCondition(path, operator, Number(bare));
}

function textCondition(path: string, operator: string, wanted: string): Condition {
  if (operator !== '=' && operator !== '!=') throw invalid(`${operator} compares numbers only`);
  const holds = wildcard(wanted);
  return (value) => {
    const found = at(value, path);
    if (found === undefined) return false;
    return holds(typeof found === 'string' ? found : JSON.stringify(found)) === (operator === '=');
  };
}

/** `*` stands for any text; compared part by part, without backtracking. */
function wildcard(wanted: string): (text: string) => boolean {
  const parts = wanted.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === wanted;
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found < 0 || found + part.length > text.length - last.length) return false;
      from = found + part.length;
    }
    return true;
  };
}

const numberCondition =
  (path: string, operator: string, wanted: number): Condition =>
  (value) => {
    const found = at(value, path);
    if (typeof found !== 'number') return false;
    return (
      {
        '=': found === wanted,
        '!=': found !== wanted,
        '>': found > wanted,
        '<': found < wanted,
        '>=': found >= wanted,
        '<=': found <= wanted,
      }[operator] ?? false
    );
  };

function at(value: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>(
      (found, step) =>
        typeof found === 'object' && found !== null && Object.hasOwn(found, step)
          ? (found as Record<string, unknown>)[step]
          : undefined,
      value,
    );
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

const invalid = (reason: string) => new AwsError('InvalidParameterException', `Invalid filter pattern: ${reason}`);
