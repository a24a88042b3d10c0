import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announcementOf, branchMergedPattern, parseBranchMerged } from '../../events/branch-merged.ts';
import example from '../../events/examples/branch-merged.json' with { type: 'json' };
import created from '../../events/examples/codecommit-reference-created.json' with { type: 'json' };
import push from '../../events/examples/codecommit-reference-updated.json' with { type: 'json' };
import apiMerge from '../../events/examples/codecommit-reference-updated-by-api-merge.json' with { type: 'json' };
import { parseMerge } from '../../events/merge.ts';
import { mergeIdOf, traceparentOf } from '../../events/merge-id.ts';

const parents = ['d00d1e0011223344556677889900aabbccddeeff', '50c0ffee11223344556677889900aabbccddeeff'];

describe('an announcement', () => {
  test('says what the merge was, in the words of the example', () => {
    const announcement = announcementOf(parseMerge(apiMerge), parents);

    expect({ ...announcement, mergedBy: example.detail.mergedBy }).toEqual(example.detail);
  });

  test.each([
    ['push', push, parents.slice(1)],
    ['merge-commit-push', push, parents],
    ['branch-created', created, parents],
    ['three-way-merge', apiMerge, parents],
    ['squash-merge', withOption('SQUASH_MERGE'), parents.slice(1)],
    ['fast-forward-merge', withOption('FAST_FORWARD_MERGE'), parents],
  ])('of kind %s', (kind, event, itsParents) => {
    expect(announcementOf(parseMerge(event), itsParents).kind).toBe(kind);
  });

  test('holds nothing of a person but the ARN of the caller', () => {
    const named = { ...push, detail: { ...push.detail, displayName: 'Jo', emailAddress: 'jo@example.com' } };

    expect(JSON.stringify(announcementOf(parseMerge(named), parents))).not.toMatch(/Jo|jo@/);
  });

  test('of an event delivered twice is the same', () => {
    expect(announcementOf(parseMerge(push), parents)).toEqual(
      announcementOf(parseMerge(structuredClone(push)), parents),
    );
  });

  test('survives a bus', () => {
    const detail = announcementOf(parseMerge(created), []);

    expect(parseBranchMerged({ ...example, detail: JSON.parse(JSON.stringify(detail)) as unknown }).detail).toEqual(
      detail,
    );
  });

  test.each([
    [{ version: '2' }, "detail.version '2' is not '1'"],
    [{ mergeId: 'x' }, "detail.mergeId 'x' is not a UUID"],
    [{ kind: 'octopus' }, "detail.kind 'octopus' is not 'fast-forward-merge' or"],
    [{ parents: ['x'] }, "detail.parents.0 'x' is not 40 hexadecimal digits"],
    [{ branch: 'a..b' }, "detail.branch 'a..b' holds two dots in a row"],
    [{ previousCommitId: undefined }, 'detail.previousCommitId is missing'],
    [{ traceparent: '00-0-0-00' }, "detail.traceparent '00-0-0-00' is not a W3C trace context of version 00"],
    [{ sourceEvent: { id: 'x' } }, "detail.sourceEvent.id 'x' is not a UUID"],
  ])('that is malformed is refused: %j', (change, says) => {
    const event = { ...example, detail: { ...example.detail, ...change } };

    expect(() => parseBranchMerged(event)).toThrow(`EventMalformed: ${says}`);
  });

  test('that AWS says comes from elsewhere is not ours', () => {
    expect(() => parseBranchMerged({ ...example, source: 'mergecast.workload' })).toThrow('EventMalformed: source');
  });
});

test("the pattern of an environment's rule vouches for the account and names branch and repositories", () => {
  expect(branchMergedPattern({ account: '111111111111', repositories: ['orders'], branch: 'prod' })).toEqual({
    source: ['mergecast.devops'],
    account: ['111111111111'],
    'detail-type': ['Branch Merged'],
    detail: { repository: ['orders'], branch: ['prod'] },
  });
});

test('merge ids are UUIDs of version 8, one for each event, and name a trace', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      const mergeId = mergeIdOf(one);
      expect(mergeId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(mergeIdOf(one.toUpperCase())).toBe(mergeId);
      expect(mergeIdOf(other) === mergeId).toBe(one === other);
      expect(traceparentOf(mergeId)).toMatch(new RegExp(`^00-${mergeId.replaceAll('-', '')}-[0-9a-f]{16}-01$`));
    }),
  );
});

function withOption(mergeOption: string) {
  return { ...apiMerge, detail: { ...apiMerge.detail, mergeOption } };
}
