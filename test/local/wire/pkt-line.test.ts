import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flush, PushHeadReader, pktLine } from '../../../local/wire/git/pkt-line.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 2000) / 4;

const id = fc.stringMatching(/^[0-9a-f]{40}$/);
const ref = fc.constantFrom(
  'refs/heads/dev',
  'refs/heads/prod',
  'refs/tags/v1',
  'refs/heads/ü',
  'refs/heads/a..b',
  'HEAD',
);
const command = fc
  .tuple(id, id, ref, fc.constantFrom('', '\0report-status side-band-64k', '\n', '\0'))
  .map(([before, after, name, end]) => pktLine(`${before} ${after} ${name}${end}`));

/** The head of a push, whole or with some of its bytes changed, removed or doubled. */
const head = fc
  .tuple(
    fc.array(command, { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    fc.nat(3),
  )
  .map(([commands, changes, kind]) => {
    const bytes = [...Buffer.concat([...commands, flush])];
    for (const [at, byte] of changes) {
      const place = at % bytes.length;
      if (kind === 1) bytes[place] = byte;
      if (kind === 2) bytes.splice(place, byte % 8);
      if (kind === 3) bytes.splice(place, 0, ...bytes.slice(place, place + (byte % 8)));
      if (bytes.length === 0) break;
    }
    return Buffer.from(bytes);
  });

/** What a reader makes of pieces: the head, that more is needed, or the refusal. */
function read(pieces: readonly Buffer[]): unknown {
  const reader = new PushHeadReader();
  try {
    for (const piece of pieces) {
      const found = reader.take(piece);
      if (found !== undefined) return found;
    }
    return 'more';
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as Error).message;
  }
}

describe('the head of a push', () => {
  test('is read or refused, however it is broken, and always the same way however it is cut into pieces', () => {
    fc.assert(
      fc.property(head, fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));

        expect(read(pieces)).toEqual(read([bytes]));
      }),
      { numRuns },
    );
  });

  test('that never ends is refused before it fills the memory', () => {
    const line = pktLine(`${'0'.repeat(40)} ${'1'.repeat(40)} refs/heads/${'a'.repeat(200)}`);
    const shallow = pktLine(`shallow ${'0'.repeat(40)}`);

    expect(read([line, line])).toMatch(/the push names refs\/heads\/a+ twice/);
    expect(read(Array.from({ length: 100 }, () => Buffer.concat(Array.from({ length: 1000 }, () => shallow))))).toBe(
      'the commands of the push are longer than 2097152 bytes',
    );
  });
});
