import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../languages/template/resolve.ts';
import cases from '../../cases/template-intrinsics.json' with { type: 'json' };
import { scope } from './a-scope.ts';

interface Case {
  readonly name: string;
  readonly value: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

describe('the table of intrinsic functions', () => {
  test.each(cases as readonly Case[])('$name', ({ value, result, error }) => {
    if (error === undefined) expect(resolve(value, scope)).toEqual(result);
    else expect(() => resolve(value, scope)).toThrow(error);
  });
});

test('a value that is nothing but AWS::NoValue is undefined', () => {
  expect(resolve({ Ref: 'AWS::NoValue' }, scope)).toBeUndefined();
});

test('an error names the path in the template', () => {
  const tags = [{ Key: 'a', Value: { 'Fn::Join': [',', [{ Ref: 'Nothing' }]] } }];

  const resolving = () => resolve({ Tags: tags }, scope, ['Resources', 'Queue', 'Properties']);

  expect(resolving).toThrow(
    /^TemplateInvalid: Resources\.Queue\.Properties\.Tags\[0\]\.Value\.Fn::Join\[1\]\[0\]\.Ref: /,
  );
});

test('without a resolver, dynamic references are refused', () => {
  const { parameters, pseudo } = scope;

  expect(() => resolve('{{resolve:ssm:/a}}', { parameters, pseudo })).toThrow('cannot be resolved here');
});

test('keys that JavaScript knows are keys like any other', () => {
  const value: unknown = JSON.parse('{"__proto__": {"Ref": "Stage"}, "constructor": 1}');

  const resolved = resolve(value, scope) as Record<string, unknown>;

  expect(JSON.stringify(resolved)).toBe('{"__proto__":"prod","constructor":1}');
  expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype);
});

const piece = fc.string({ maxLength: 8 }).filter((text) => !text.includes('|') && !text.includes('{{'));

test('Split takes apart what Join put together', () => {
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
      const joined = { 'Fn::Join': ['|', pieces] };

      expect(resolve({ 'Fn::Split': ['|', joined] }, scope)).toEqual(pieces);
    }),
  );
});

test('Sub gives what Join of the same pieces gives, literals included', () => {
  const names = fc.constantFrom('Stage', 'Size', 'AWS::Region', 'Queue', '!Stage');
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          piece.filter((text) => !text.includes('$')),
          names,
        ),
        { maxLength: 5 },
      ),
      (pairs) => {
        const text = pairs.map(([literal, name]) => `${literal}\${${name}}`).join('');
        const list = pairs.flatMap(([literal, name]) => [literal, name === '!Stage' ? '${Stage}' : { Ref: name }]);

        expect(resolve({ 'Fn::Sub': text }, scope)).toBe(resolve({ 'Fn::Join': ['', list] }, scope));
      },
    ),
  );
});

test('the blocks of Cidr lie in their block, side by side', () => {
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 24 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 256 }),
      (prefix, bits, wanted) => {
        const count = Math.min(wanted, 2 ** (32 - prefix - bits));

        const blocks = resolve({ 'Fn::Cidr': [`10.0.0.0/${prefix}`, count, bits] }, scope) as string[];

        const starts = blocks.map((block) => number(block.split('/')[0] ?? ''));
        expect(blocks.every((block) => block.endsWith(`/${32 - bits}`))).toBe(true);
        expect(starts).toEqual(Array.from({ length: count }, (_, index) => number('10.0.0.0') + index * 2 ** bits));
      },
    ),
  );
});
