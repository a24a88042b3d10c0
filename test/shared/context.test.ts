import { expect, test } from 'vitest';
import { contextOf } from '../../shared/context.ts';

test('context is read as the CDK CLI writes it', () => {
  expect(contextOf(['-c', 'only=prod', '--context', 'note=a=b'])).toEqual({ only: 'prod', note: 'a=b' });
  expect(contextOf([])).toEqual({});
});

test.each([[['--only', 'prod']], [['prod']], [['-c']], [['-c', 'only']]])('%j is refused', (parameters) => {
  expect(() => contextOf(parameters)).toThrow(/^ContextInvalid: .*\(write it as -c only=prod\)$/);
});
