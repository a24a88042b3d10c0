import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../../local/wire/cbor.ts';
import cases from '../../cases/cbor.json' with { type: 'json' };

test.each(cases.read as [string, unknown][])('%s is read as %j', (hex, expected) => {
  expect(decodeCbor(Buffer.from(hex, 'hex'))).toEqual(expected);
});

test.each(cases.refused)('%s is refused', (hex) => {
  expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow(/not valid CBOR/);
});

test('nesting without end is refused', () => {
  expect(() => decodeCbor(Buffer.alloc(100_000, 0x81))).toThrow(/nested deeper/);
});

test('whatever is written is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const expected: unknown = JSON.parse(JSON.stringify(value));
      expect(decodeCbor(encodeCbor(expected))).toEqual(expected);
    }),
  );
});

test('no bytes make the reader fail in another way than by refusing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeCbor(Buffer.from(bytes));
      } catch (error) {
        expect((error as Error).name).toBe('SerializationException');
      }
    }),
  );
});

test('times are tagged epoch seconds and bytes are byte strings', () => {
  expect(encodeCbor(new Date(1_363_896_240_000)).toString('hex')).toBe('c11a514b67b0');
  expect(decodeCbor(encodeCbor(Buffer.from([1, 2])))).toEqual(Buffer.from([1, 2]));
});
