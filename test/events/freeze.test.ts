import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freezeAt } from '../../events/freeze.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
const moment = (hour: number): number => Date.parse(at(hour));
const freeze = (from: number, until: number, reason = 'quiet') => ({ from: at(from), until: at(until), reason });

test('a freeze holds from its first moment until just before its end', () => {
  const freezes = [freeze(9, 12)];

  expect(freezeAt(freezes, moment(9))).toEqual({ until: moment(12), reason: 'quiet' });
  expect(freezeAt(freezes, moment(12) - 1)).toEqual({ until: moment(12), reason: 'quiet' });
  expect(freezeAt(freezes, moment(12))).toBeNull();
  expect(freezeAt(freezes, moment(9) - 1)).toBeNull();
});

test('freezes that touch or overlap hold as one, under the reason of the first', () => {
  const freezes = [freeze(12, 14, 'second'), freeze(9, 12, 'first'), freeze(13, 20, 'third'), freeze(21, 22, 'apart')];

  expect(freezeAt(freezes, moment(10))).toEqual({ until: moment(20), reason: 'first' });
});

test('a freeze that ends before it begins never holds', () => {
  expect(freezeAt([freeze(12, 9)], moment(10))).toBeNull();
});

test('the end of a hold is always later than now, and nothing holds there', () => {
  const hours = fc.integer({ min: 0, max: 100 });
  const freezes = fc.array(fc.tuple(hours, hours).map(([from, until]) => freeze(from, until)));
  fc.assert(
    fc.property(freezes, hours, (some, hour) => {
      const held = freezeAt(some, moment(hour));
      if (held === null) return;
      expect(held.until).toBeGreaterThan(moment(hour));
      expect(freezeAt(some, held.until)).toBeNull();
    }),
  );
});
