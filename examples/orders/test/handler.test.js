import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.STAGE = 'test';
const { handler } = await import('../src/handler.js');

test('an order is priced, and the answer names the stage', async () => {
  const { statusCode, stage, totalCents } = await handler({ lines: [{ sku: 'tea', quantity: 2, unitCents: 450 }] });

  assert.deepEqual({ statusCode, stage, totalCents }, { statusCode: 200, stage: 'test', totalCents: 900 });
});

test("a bad order is the caller's mistake, not a failure", async () => {
  const { statusCode, message } = await handler({});

  assert.equal(statusCode, 400);
  assert.match(message, /at least one line/);
});
