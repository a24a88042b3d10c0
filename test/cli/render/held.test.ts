import { expect, test } from 'vitest';
import { heldText } from '../../../cli/render/held.ts';

const held = {
  pipeline: 'orders-prod',
  count: 2,
  newest: 'a'.repeat(40),
  reason: 'office hours',
  until: '2026-11-30T08:00:00.000Z',
};

test('what is held is told with when it opens, why, and which commit goes then', () => {
  expect(heldText(held, 'prod', 'Europe/Berlin')).toBe(
    `2 merges held in prod, opens Mon 2026-11-30 09:00 Europe/Berlin: office hours; the newest is ${'a'.repeat(40)}`,
  );
});

test('a reason cannot forge a line', () => {
  const text = heldText({ ...held, count: 1, until: null, reason: 'a\nprod  Succeeded' }, 'prod');

  expect(text).toMatch(/^1 merge held in prod: a\n {11}prod/);
});
