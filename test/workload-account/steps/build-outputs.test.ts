import { expect, test } from 'vitest';
import { outputSections } from '../../../workload-account/steps/build-outputs.ts';

test.each([
  [{ reports: '*.xml' }, undefined, 'reports are of commands: name them in the buildspec, and write reports: true'],
  [{ coverage: true }, ['npm test'], 'coverage: true is for a buildspec'],
  [{ cache: [] }, ['npm test'], 'cache is empty'],
  [{ reports: '' }, ['npm test'], 'tests name no files'],
  [
    { reports: { files: 'a', format: 'TAP' as never } },
    ['npm test'],
    "format 'TAP' of tests is unknown: it is one of JUNITXML",
  ],
] as const)('the outputs %j of %j are refused: %s', (outputs, commands, reason) => {
  expect(() => outputSections(outputs, commands, "pipeline orders, step 'Test'")).toThrow(
    `OwnerFileInvalid: pipeline orders, step 'Test': ${reason}`,
  );
});

test('a buildspec that names its own reports and cache stays as it is', () => {
  expect(outputSections({ reports: true, coverage: true, cache: true }, undefined, '')).toEqual({});
});
