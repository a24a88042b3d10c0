import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostLines, OrderRefused, price } from '../src/price.js';

test('the total is the sum of quantity times unit price', () => {
  const lines = [
    { sku: 'tea', quantity: 2, unitCents: 450 },
    { sku: 'cup', quantity: 1, unitCents: 1200 },
  ];

  assert.equal(price(lines), 2100);
});

for (const [why, lines, message] of [
  ['no lines at all', undefined, /at least one line/],
  ['an empty list', [], /at least one line/],
  ['too many lines', Array(mostLines + 1).fill({ sku: 'tea', quantity: 1, unitCents: 1 }), /at most 100 lines/],
  ['a line without sku', [{ quantity: 1, unitCents: 1 }], /line 1 has no sku/],
  ['a missing line', [null], /line 1 has no sku/],
  ['a quantity of 0', [{ sku: 'tea', quantity: 0, unitCents: 1 }], /line 1 \(tea\): the quantity/],
  ['half a cup', [{ sku: 'cup', quantity: 0.5, unitCents: 1 }], /line 1 \(cup\): the quantity/],
  ['a price as text', [{ sku: 'tea', quantity: 1, unitCents: '450' }], /unitCents must be a whole number/],
  ['a total beyond counting', [{ sku: 'tea', quantity: 2 ** 40, unitCents: 2 ** 40 }], /too large/],
])
  test(`an order is refused: ${why}`, () => {
    assert.throws(
      () => price(lines),
      (error) => error instanceof OrderRefused && message.test(error.message),
    );
  });
