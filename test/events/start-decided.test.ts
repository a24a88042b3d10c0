import { expect, test } from 'vitest';
import example from '../../events/examples/start-decided.json' with { type: 'json' };
import { parseStartDecided, startOutcomes } from '../../events/start-decided.ts';

test('a report is read, and the environment is known by the account that AWS vouches for', () => {
  expect(parseStartDecided(example)).toMatchObject({
    account: '333333333333',
    detail: { pipeline: 'orders-staging', outcome: 'started', generation: 7 },
  });
});

test.each(Object.keys(startOutcomes))('a report may say %s', (outcome) => {
  const event = { ...example, detail: { ...example.detail, outcome } };

  expect(parseStartDecided(event).detail.outcome).toBe(outcome);
});

test.each([
  [{ outcome: 'exploded' }, "detail.outcome 'exploded' is not 'started' or"],
  [{ reason: '' }, "detail.reason ''"],
  [{ generation: 1.5 }, "detail.generation '1.5'"],
  [{ generation: -1 }, "detail.generation '-1'"],
  [{ cause: 'whim' }, "detail.cause 'whim' is not 'event' or 'sweep'"],
  [{ announced: { mergeId: 'x' } }, "detail.announced.mergeId 'x' is not a UUID"],
])('a malformed report is refused: %j', (change, says) => {
  expect(() => parseStartDecided({ ...example, detail: { ...example.detail, ...change } })).toThrow(
    `EventMalformed: ${says}`,
  );
});
