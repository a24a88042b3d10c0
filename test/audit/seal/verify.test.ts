import { describe, expect, test } from 'vitest';
import { damageOf } from '../../../audit/seal/damage.ts';
import { verifyTrail } from '../../../audit/seal/verify.ts';
import { recordOf, trailRecordSchema } from '../../../events/trail-record.ts';
import { headKey, readHead, sha256, type TrailHead } from '../../../events/trail-seal.ts';
import { lineOf, sealed, trailIn } from './sealed.ts';

const segments = 500;
const linesEach = 20;
const whole = sealed(segments, linesEach);
const fuzzing = process.env['FUZZ_RUNS'] !== undefined;

/** Every segment with its head: 10,000 records in all. */
const all = Array.from({ length: segments }, (_, index): { head: TrailHead; lines: readonly string[] } => {
  const { head } = readHead(whole.objects.get(headKey(index + 1)) ?? '');
  return { head, lines: (whole.objects.get(head.segment) ?? '').split('\n').slice(0, -1) };
});

const sums = new Map<string, string>();
/** SHA-256 is a function: a line that was digested once is not digested again. */
const digest = (line: string): string => {
  const known = sums.get(line) ?? sha256(line);
  if (sums.size < 20_000) sums.set(line, known);
  return known;
};

const written = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const at = (head: TrailHead, text: string) =>
  damageOf(text, head, digest).map(({ line, problem }) => `${line} ${problem}`);

/** Damages every record of all segments in one way; answers where the damage was not told as expected. */
function missed(
  damaged: (lines: readonly string[], index: number) => string,
  told: (index: number) => readonly string[],
): readonly string[] {
  return all.flatMap(({ head, lines }) =>
    lines.flatMap((_, index) => {
      const [found, expected] = [at(head, damaged(lines, index)), told(index)];
      return expected.every((each, place) => found[place]?.startsWith(each)) && found.length >= expected.length
        ? []
        : [`${head.number}/${index}: ${found.join(', ')}`];
    }),
  );
}

const flipped = (text: string, bit: number): string => {
  const bytes = Buffer.from(text);
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString('latin1');
};

describe('each of 10,000 records', () => {
  test('that is whole is told as whole', async () => {
    const verdict = await verifyTrail(trailIn(whole.objects), whole.publicKey);

    expect(verdict).toMatchObject({ heads: 500, records: 10_000, damages: [], until: '1970-01-21T20:00:00.000Z' });
  });

  test('is located when a bit of it is flipped', () => {
    const damaged = (lines: readonly string[], index: number) =>
      written(lines.with(index, flipped(lines[index] ?? '', (index * 37) % ((lines[index]?.length ?? 1) * 8))));

    expect(missed(damaged, (index) => [`${index + 1} this line was`])).toEqual([]);
  });

  test('is located when it is removed', () => {
    expect(
      missed(
        (lines, index) => written(lines.toSpliced(index, 1)),
        (index) => [`${index + 1} this line was removed`],
      ),
    ).toEqual([]);
  });

  test('is located when it is doubled, at once or at the end', () => {
    const doubled = (lines: readonly string[], index: number) => written(lines.toSpliced(index, 0, lines[index] ?? ''));
    const appended = (lines: readonly string[], index: number) => written([...lines, lines[index] ?? '']);

    expect(
      missed(doubled, (index) => [`${index + 2} this line stands a second time: it is sealed as line ${index + 1}`]),
    ).toEqual([]);
    expect(
      missed(appended, (index) => [`21 this line stands a second time: it is sealed as line ${index + 1}`]),
    ).toEqual([]);
  });

  test('is located when it is swapped with the next one', () => {
    const swapped = (lines: readonly string[], index: number) => {
      const other = (index + 1) % lines.length;
      return written(lines.with(index, lines[other] ?? '').with(other, lines[index] ?? ''));
    };
    const told = (index: number) => {
      const [first, second] = [index, (index + 1) % linesEach].sort((a, b) => a - b);
      return [`${(first ?? 0) + 1} this line was moved`, `${(second ?? 0) + 1} this line was moved`];
    };

    expect(missed(swapped, told)).toEqual([]);
  });

  test('is located when the segment is cut before or within it', () => {
    const before = (lines: readonly string[], index: number) => written(lines.slice(0, index));
    const within = (lines: readonly string[], index: number) => written(lines.slice(0, index + 1)).slice(0, -2);

    expect(missed(before, (index) => [`${index + 1} this line was removed`])).toEqual([]);
    expect(missed(within, (index) => [`${index + 1} this line was`])).toEqual([]);
  });
});

describe('the chain', () => {
  const small = sealed(4, 2);
  const check = async (change: (objects: Map<string, string>) => unknown) => {
    const objects = new Map(small.objects);
    change(objects);
    const { damages } = await verifyTrail(trailIn(objects), small.publicKey);
    return damages.map(({ object, line, problem }) => `${object} ${line ?? ''} ${problem}`);
  };
  const text = small.objects.get(headKey(2)) ?? '';

  test(`finds ${fuzzing ? 'every' : 'any'} flipped bit of a head`, async () => {
    for (let bit = 0; bit < text.length * 8; bit += fuzzing ? 1 : 13)
      expect((await check((objects) => objects.set(headKey(2), flipped(text, bit))))[0], `bit ${bit}`).toContain(
        headKey(2),
      );
  });

  test('finds a head or a segment that is gone', async () => {
    const { head } = readHead(text);

    expect(await check((objects) => objects.delete(headKey(2)))).toEqual([`${headKey(2)}  this head is missing`]);
    expect(await check((objects) => objects.delete(head.segment))).toEqual([
      `${head.segment}  this segment is missing`,
    ]);
  });

  test("finds heads in each other's place", async () => {
    const found = await check((objects) =>
      objects.set(headKey(2), small.objects.get(headKey(3)) ?? '').set(headKey(3), text),
    );

    expect(found).toContain(`${headKey(2)}  this head says that it is number 3`);
    expect(found).toContain(`${headKey(3)}  this head follows another one than the object before it`);
  });

  test('finds a chain that another key signed', async () => {
    const { damages } = await verifyTrail(trailIn(sealed(2, 1).objects), small.publicKey);

    expect(damages.map(({ object }) => object)).toEqual([headKey(1), headKey(2)]);
  });

  test('finds keys that no head has, and does not count to a forged one', async () => {
    const found = await check((objects) => objects.set('heads/x.json', '').set(headKey(9_999_999_999), text));

    expect(found).toContain('heads/x.json  no head has this key');
    expect(found).toContain(`${headKey(9_999_999_999)}  its number is far beyond the 6 heads there are`);
  });
});

test('one line gives one record of one line, whatever it holds', () => {
  for (const message of [
    '',
    'null',
    '[]',
    '"x"',
    '{"source":1}',
    '\u0000\ud800\n',
    '{"detail-type":"Branch Merged"}',
  ]) {
    const record = recordOf({ ...lineOf(1), message });

    expect(trailRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(record.fact).toBe('unreadable');
    expect(JSON.stringify(record)).not.toContain('\n');
  }
});
