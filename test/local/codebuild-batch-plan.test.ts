import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBuildspec } from '../../languages/buildspec/parse.ts';
import type { Batch } from '../../languages/buildspec/types.ts';
import { plannedBuilds } from '../../local/services/codebuild/batch-plan.ts';

const small = 'BUILD_GENERAL1_SMALL';

/** The batch of a buildspec. */
const batchOf = (batch: object): Batch =>
  parseBuildspec(JSON.stringify({ version: '0.2', batch, phases: { build: { commands: ['true'] } } })).batch as Batch;

const matrixOf = (variables: Readonly<Record<string, readonly string[]>>): Batch =>
  batchOf({ 'build-matrix': { dynamic: { env: { variables } } } });

test('a matrix of millions is counted before it is made', () => {
  const variables = Object.fromEntries([...'ABCDEFGH'].map((name) => [name, [...'0123456789']]));

  expect(() => plannedBuilds(matrixOf(variables), small, {})).toThrow('100000000 builds, and 100 are allowed');
});

test('a matrix holds each combination once, each build by a name of its own', () => {
  const values = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(values, values, values, (A, B, C) => {
      const planned = plannedBuilds(matrixOf({ A, B, C }), small, {});

      const combinations = planned.map(({ env }) =>
        JSON.stringify([env.variables['A'], env.variables['B'], env.variables['C']]),
      );
      expect(new Set(combinations).size).toBe(A.length * B.length * C.length);
      expect(new Set(planned.map(({ identifier }) => identifier)).size).toBe(planned.length);
      expect(planned).toHaveLength(combinations.length);
    }),
    { numRuns: 100 },
  );
});

test('a fan-out is so many equal builds', () => {
  const planned = plannedBuilds(batchOf({ 'build-fanout': { parallelism: 3, 'ignore-failure': true } }), small, {});

  expect(planned.map(({ identifier, ignoreFailure }) => [identifier, ignoreFailure])).toEqual([
    ['build0', true],
    ['build1', true],
    ['build2', true],
  ]);
});

test('the compute type of the project counts where a build names none', () => {
  const list = batchOf({ 'build-list': [{ identifier: 'one' }] });

  expect(() => plannedBuilds(list, small, { restrictions: { computeTypesAllowed: ['BUILD_GENERAL1_LARGE'] } })).toThrow(
    `build one asks for the compute type ${small}, and allowed are BUILD_GENERAL1_LARGE`,
  );
});
