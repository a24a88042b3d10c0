import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplate } from '../../../languages/template/parse.ts';
import { placeInJson } from '../../../languages/template/place-in-json.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** Every path of a value, with the text that has to stand at its place: a key with its colon, or the begin of an element. */
function* pathsOf(value: Json, path: Path): Generator<{ readonly path: Path; readonly text: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries<Json>(value)) {
    const [step, text] = Array.isArray(value) ? [Number(key), begin(child)] : [key, `${JSON.stringify(key)}:`];
    yield { path: [...path, step], text };
    yield* pathsOf(child, [...path, step]);
  }
}

function begin(value: Json): string {
  if (Array.isArray(value)) return '[';
  return typeof value === 'object' && value !== null ? '{' : JSON.stringify(value);
}

function textAt(text: string, place: string): string {
  const [line = 0, column = 0] = place.split(':').map(Number);
  return (text.split('\n')[line - 1] ?? '').slice(column - 1);
}

test('every key and element of a JSON text is found where it stands, however it is indented', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('', '  ', '\t'), (value, indentation) => {
      const text = JSON.stringify(value, null, indentation);
      const found = [...pathsOf(JSON.parse(text) as Json, [])];

      for (const { path, text: expected } of found)
        expect(textAt(text, placeInJson(text, path)).startsWith(expected), JSON.stringify(path)).toBe(true);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2000) / 10 },
  );
});

test('of a key that stands twice the last is found, escapes are read, and a path that leads nowhere ends where it can', () => {
  const text = '{"a": [1, {"b\\"": 2}],\n "a": {"\\u0063": [3,\n4]}}';

  expect(placeInJson(text, ['a'])).toBe('2:2');
  expect(placeInJson(text, ['a', 'c', 1])).toBe('3:1');
  expect(placeInJson(text, ['a', 'x', 'y'])).toBe('2:2');
  expect(placeInJson(text, [])).toBe('1:1');
});

test('a mistake in a large JSON template is named with its place, deep nesting included', () => {
  const resources = Array.from({ length: 400 }, (_, index): [string, object] => [
    `R${index}`,
    { Type: 'T', Properties: { list: Array<string>(50).fill('x') } },
  ]);
  const text = JSON.stringify({ Resources: { ...Object.fromEntries<object>(resources), Last: { Typ: 'T' } } });

  expect(() => parseTemplate(text, 't.json')).toThrow(`t.json:1:${text.indexOf('"Typ"') + 1}: `);
  expect(placeInJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, [0, 0, 1])).toBe('1:3');
});
