import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readXml, writeXml } from '../../local/wire/s3/xml.ts';
import { AwsError } from '../../local/world/failure.ts';

const text = fc.string({
  unit: fc.constantFrom('a', ' ', '<', '>', '&', '"', "'", 'é', '😀', '\n', '\r', '\u0001', ']]>'),
});

test('a document that is written is read back, its repeated elements as a list', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), text, (keys, other) => {
      const members = { Object: keys.map((Key) => ({ Key })), Quiet: other };
      expect(readXml(writeXml('Delete', members), 'Delete')).toEqual(members);
    }),
    { numRuns: 200 },
  );
});

const malformed = [
  ['', 'nothing'],
  ['text', 'text alone'],
  ['<Delete>', 'an element that does not end'],
  ['<Delete></Other>', 'another end'],
  ['</Delete>', 'an end alone'],
  ['<Delete/><Delete/>', 'two roots'],
  ['<Other/>', 'another root'],
  ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Delete>&e;</Delete>', 'a document type'],
  ['<Delete>&e;</Delete>', 'an entity of its own'],
  ['<Delete>&#x110000;</Delete>', 'a character that there is not'],
  [`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`, 'a deep document'],
  [`<Delete ${'a '.repeat(100_000)}`, 'a tag without end'],
  [`<Delete><!--${'-'.repeat(100_000)}`, 'a comment without end'],
];

test.each(malformed.map(([document = '', what = '']) => [what, document] as const))(
  '%s is refused as malformed',
  (_what, document) => {
    expect(() => readXml(document, 'Delete')).toThrow(AwsError);
  },
);

test('any bytes are read or refused, at once', () => {
  const token = fc.constantFrom(
    '<',
    '</',
    '/>',
    '>',
    'Delete',
    ' ',
    '<!--',
    '-->',
    '<?',
    '&',
    '&#',
    ';',
    '<a b="',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 200 }), (tokens) => {
      const begun = performance.now();
      try {
        readXml(tokens.join(''), 'Delete');
      } catch (error) {
        expect(error).toMatchObject({ name: 'MalformedXML' });
      }
      expect(performance.now() - begun).toBeLessThan(50);
    }),
    { numRuns: 300 },
  );
});
