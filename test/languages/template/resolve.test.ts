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
