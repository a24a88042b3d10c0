import { operators } from './operators.ts';
import { listOf, malformed, objectAt, show } from './shape.ts';
import type { Condition } from './types.ts';

/** Reads a `Condition` element into one condition for each operator and key. */
export function parseConditions(value: unknown, at: string): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(objectAt(value, at)).flatMap(([written, keys]) => {
    const operator = parseOperator(written, at);
    return Object.entries(objectAt(keys, `${at}.${written}`)).map(([key, values]) => ({
      ...operator,
      key,
      values: listOf(values).map((item) => scalarText(item, `${at}.${written}.${key}`)),
    }));
  });
}

function parseOperator(written: string, at: string): Pick<Condition, 'operator' | 'quantifier' | 'ifExists'> {
  const [quantifier, named] = written.includes(':') ? written.split(':', 2) : [undefined, written];
  const ifExists = named?.endsWith('IfExists') ?? false;
  const operator = (ifExists ? named?.slice(0, -'IfExists'.length) : named) ?? '';
  const known = Object.hasOwn(operators, operator) || (operator === 'Null' && !ifExists);
  if (!known || (quantifier !== undefined && quantifier !== 'ForAllValues' && quantifier !== 'ForAnyValue')) {
    throw malformed(at, `Invalid Condition type : ${show(written)}`);
  }
  return { operator, ...(quantifier === undefined ? {} : { quantifier }), ifExists };
}

function scalarText(value: unknown, at: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed(at, `holds ${show(value)}, which is not text, a number or a boolean`);
}
