import { describe, expect, test } from 'vitest';
import { checks, findingsIn } from '../../audit/checks/index.ts';
import { checkCases } from './check-cases.ts';
import { cloudOfResources, cloudOfStacks, ownStacks, type WrittenResources } from './clouds.ts';

const findingsOf = (check: string, resources: WrittenResources) =>
  findingsIn(cloudOfResources(resources)).filter((finding) => finding.check === check);

test('every check has templates with and without a finding', () => {
  expect(Object.keys(checkCases).sort()).toEqual(Object.keys(checks).sort());
  for (const cases of Object.values(checkCases))
    expect(new Set(cases.map(({ compliant }) => compliant))).toEqual(new Set([true, false]));
});

describe.each(Object.entries(checkCases))('%s', (check, cases) => {
  test.each(cases.filter(({ compliant }) => compliant))('finds nothing wrong with: $about', ({ resources }) => {
    expect(findingsOf(check, resources)).toEqual([]);
  });

  test.each(cases.filter(({ compliant }) => !compliant))('finds: $about', ({ resources }) => {
    const findings = findingsOf(check, resources);

    expect(findings).not.toEqual([]);
    for (const { logicalId, problem, value, mend } of findings) {
      expect(Object.keys(resources)).toContain(logicalId);
      for (const text of [problem, value, mend]) expect(text).not.toBe('');
    }
  });
});

/** Access logs are written once and never overwritten by S3, but nothing keeps others from it. */
test('our own templates pass all checks', () => {
  expect(findingsIn(cloudOfStacks(ownStacks().values()))).toEqual([]);
});
