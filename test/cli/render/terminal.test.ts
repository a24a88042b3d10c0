import { expect, test } from 'vitest';
import { terminalText } from '../../../cli/render/terminal.ts';

test.each([
  ['an escape that would clear the screen', '\u001b[2J', '\\u{1b}[2J'],
  ['a carriage return that would write over the line', 'good\rbad', 'good\\u{d}bad'],
  ['a mark that would turn the direction of writing', 'abc\u202Egpj.exe', 'abc\\u{202e}gpj.exe'],
  ['a character that cannot be seen', 'a\u200Bb', 'a\\u{200b}b'],
  ['half of a pair of surrogates', '\uD800', '\\u{d800}'],
  ['ordinary text with umlauts and line breaks', 'Größe\nändern', 'Größe\nändern'],
])('%s is shown and not obeyed', (_what, text, shown) => {
  expect(terminalText(text)).toBe(shown);
});

test('text of any length takes a bounded place', () => {
  expect(terminalText('x'.repeat(10_000), 100)).toBe(`${'x'.repeat(100)}…`);
});
