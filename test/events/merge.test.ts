import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import created from '../../events/examples/codecommit-reference-created.json' with { type: 'json' };
import updated from '../../events/examples/codecommit-reference-updated.json' with { type: 'json' };
import merged from '../../events/examples/codecommit-reference-updated-by-api-merge.json' with { type: 'json' };
import { mergePattern, parseMerge } from '../../events/merge.ts';
import { Fault } from '../../shared/fault.ts';
import malformed from '../cases/malformed-merges.json' with { type: 'json' };

describe("AWS's event is read", () => {
  test('of a push', () => {
    expect(parseMerge(updated)).toEqual({
      eventId: '6f1d2a30-4b5c-4d6e-8f90-a1b2c3d4e5f6',
      account: '111111111111',
      region: 'eu-west-1',
      at: '2026-11-20T09:15:31Z',
      repository: 'orders',
      branch: 'dev',
      commitId: '9c0ffee5a1b2c3d4e5f60718293a4b5c6d7e8f90',
      previousCommitId: '1a2b3c4d5e6f708192a3b4c5d6e7f80912345678',
      mergeOption: null,
      callerArn: 'arn:aws:sts::111111111111:assumed-role/Developer/developer-1',
    });
  });

  test('of a merge by the API, which names no caller', () => {
    expect(parseMerge(merged)).toMatchObject({ branch: 'staging', mergeOption: 'THREE_WAY_MERGE', callerArn: null });
  });

  test('of a new branch, which was nowhere before', () => {
    expect(parseMerge(created)).toMatchObject({ branch: 'prod', previousCommitId: null });
  });

  test('with fields that AWS may add one day', () => {
    const event = { ...updated, novelty: 1, detail: { ...updated.detail, novelty: { deep: [] } } };

    expect(parseMerge(event)).toEqual(parseMerge(updated));
  });
});

describe('a malformed event is refused', () => {
  test.each(malformed)('$says', ({ change, detail, says }) => {
    const event = { ...updated, detail: { ...updated.detail, ...detail }, ...change };

    expect(() => parseMerge(event)).toThrow(`EventMalformed: ${says} (compare the event with`);
  });

  test.each(['id', 'source', 'detail-type', 'account', 'time', 'region', 'detail'])('without %s', (field) => {
    expect(() => parseMerge({ ...updated, [field]: undefined })).toThrow(`EventMalformed: ${field} is missing`);
  });

  test.each(['event', 'repositoryName', 'referenceType', 'referenceName', 'commitId', 'oldCommitId'])(
    'without detail.%s',
    (field) => {
      const detail = { ...updated.detail, [field]: undefined };

      expect(() => parseMerge({ ...updated, detail })).toThrow(`EventMalformed: detail.${field} is missing`);
    },
  );

  test('when it is no object at all', () => {
    expect(() => parseMerge(null)).toThrow("EventMalformed: the event 'null' is not an object");
    expect(() => parseMerge('x'.repeat(1_000_000))).toThrow(/x{80}… \(1000000 characters\)' is not an object/);
  });

  test('whatever it holds, with one short line of printable text', () => {
    const field = fc.constantFrom(...Object.keys(updated.detail));
    fc.assert(
      fc.property(field, fc.anything(), fc.anything(), (name, value, other) => {
        for (const event of [other, { ...updated, detail: { ...updated.detail, [name]: value } }]) {
          try {
            parseMerge(event);
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
            expect((error as Fault).message).toMatch(/^[\x20-\x7e…]{1,400}$/);
          }
        }
      }),
    );
  });
});

test('the pattern names each repository and branch once, in order', () => {
  expect(
    mergePattern({ account: '111111111111', repositories: ['b', 'a'], branches: ['prod', 'dev', 'prod'] }),
  ).toEqual({
    source: ['aws.codecommit'],
    account: ['111111111111'],
    'detail-type': ['CodeCommit Repository State Change'],
    detail: {
      event: ['referenceCreated', 'referenceUpdated'],
      repositoryName: ['a', 'b'],
      referenceType: ['branch'],
      referenceName: ['dev', 'prod'],
    },
  });
});
