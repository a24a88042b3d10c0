import { describe, expect, test } from 'vitest';
import { holdInForce, holdText } from '../../events/manual-hold.ts';
import { overrideFor, releaseText } from '../../events/release.ts';
import { personOf } from '../../events/written-version.ts';
import { A, B, minutes, now } from './script.ts';

const user = (name: string) => `arn:aws:iam::222222222222:user/${name}`;
const session = (name: string, role = 'people') => `arn:aws:sts::222222222222:assumed-role/${role}/${name}`;
const expires = new Date(now + 60 * minutes).toISOString();
const text = releaseText({ commit: B, reason: 'customers wait', expires });
const by = (arn: string, value = text, at = now) => ({ value, by: arn, at });

test('two people who wrote the very same release let its commit through', () => {
  const versions = [by(session('ann@example.com')), by(user('bob'))];

  expect(overrideFor(versions, B, now + 1)).toEqual({
    reason: 'customers wait',
    requestedBy: 'ann@example.com',
    confirmedBy: 'bob',
  });
});

const asText = (change: object) => JSON.stringify({ commit: B, reason: 'customers wait', expires, ...change });

test.each([
  ['one person', [by(user('ann'))], 'a second person has to confirm it'],
  ['one person, twice', [by(user('ann')), by(user('ann'))], 'a second person has to confirm it'],
  ['one person by two roles', [by(session('ann', 'a')), by(session('ann', 'b'))], 'a second person has to confirm it'],
  ['one person as user and session', [by(user('team/Ann')), by(session('ann'))], 'a second person has to confirm it'],
  [
    'a second person who changed the reason',
    [by(user('ann')), by(user('bob'), asText({ reason: 'x' }))],
    'second person',
  ],
  ['a second person after it expired', [by(user('ann')), by(user('bob'), text, now + 61 * minutes)], 'second person'],
  ['the root user', [by('arn:aws:iam::222222222222:root'), by(user('bob'))], 'names no person'],
  ['root as the second', [by(user('ann')), by('arn:aws:iam::222222222222:root')], 'a second person has to confirm it'],
  ['text that is none', [by(user('ann'), 'yes'), by(user('bob'), 'yes')], 'cannot be read'],
  [
    'a field too much',
    [by(user('ann'), asText({ by: 'bob' })), by(user('bob'), asText({ by: 'bob' }))],
    'cannot be read',
  ],
  [
    'an end too far away',
    ['ann', 'bob'].map((name) => by(user(name), asText({ expires: new Date(now + 300 * minutes).toISOString() }))),
    'lasts longer than 4 hours',
  ],
])('%s is not enough', (_, versions, missing) => {
  expect(overrideFor(versions, B, now + 1)).toEqual({ missing: expect.stringContaining(missing) as string });
});

test.each([
  ['another commit', A, now, `is of ${B}, not of the head`],
  ['later than it lasts', B, now + 60 * minutes, 'expired at'],
])('a release of two people is none for %s', (_, commit, moment, missing) => {
  expect(overrideFor([by(user('ann')), by(user('bob'))], commit, moment)).toEqual({
    missing: expect.stringContaining(missing) as string,
  });
});

test('nobody asked, or for an older commit and long ago', () => {
  expect(overrideFor([by(user('ann'))], A, now + 61 * minutes)).toBeNull();
  expect(overrideFor([], B, now)).toBeNull();
});

test.each([
  [user('ann'), 'ann'],
  [user('a/b/Ann'), 'ann'],
  [session('Ann@Example.com'), 'ann@example.com'],
  ['arn:aws:iam::222222222222:root', null],
  ['arn:aws:sts::222222222222:federated-user/x', null],
  ['', null],
])('%s is %s', (arn, person) => {
  expect(personOf(arn)).toBe(person);
});

describe('a hold by hand', () => {
  const until = new Date(now + minutes).toISOString();

  test('holds until it ends', () => {
    const versions = [by(user('ann'), holdText({ reason: 'moving', until }))];

    expect(holdInForce(versions, now)).toEqual({ reason: 'ann holds it: moving', until: now + minutes });
    expect(holdInForce(versions, now + minutes)).toBeNull();
  });

  test('that cannot be read holds', () => {
    expect(holdInForce([by(user('ann'), '{')], now)).toMatchObject({ until: null });
  });

  test('is what was written last', () => {
    const versions = [by(user('ann'), '{'), by(user('bob'), holdText({ reason: 'wait', until: null }))];

    expect(holdInForce(versions, now)).toEqual({ reason: 'bob holds it: wait', until: null });
    expect(holdInForce([], now)).toBeNull();
  });
});
