import { z } from 'zod';
import { type CaseStatus, type FileCoverage, type TestCase, testCase } from './report-case.ts';
import { ReportUnreadable } from './report-xml.ts';

function parsed<Output>(shape: z.ZodType<Output>, text: string): Output {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new ReportUnreadable(`no JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ReportUnreadable(`${issue?.path.join('.').slice(0, 200) ?? ''}: ${issue?.message ?? 'does not fit'}`);
}

const stepResult = z.object({
  status: z.string(),
  duration: z.number().nonnegative().optional(),
  error_message: z.string().optional(),
});
const steps = z.array(z.object({ result: stepResult.optional() })).default([]);
const features = z.array(
  z.object({
    name: z.string().default(''),
    elements: z
      .array(
        z.object({
          name: z.string().default(''),
          type: z.string().optional(),
          steps,
          before: steps,
          after: steps,
        }),
      )
      .default([]),
  }),
);

/** The worst of a scenario's steps is the scenario's. */
const worst: readonly (readonly [string, CaseStatus])[] = [
  ['failed', 'FAILED'],
  ['ambiguous', 'ERROR'],
  ['undefined', 'SKIPPED'],
  ['pending', 'SKIPPED'],
  ['skipped', 'SKIPPED'],
];

/** Cucumber's JSON: each scenario is a case of its feature; durations are nanoseconds. */
export function readCucumber(text: string): readonly TestCase[] {
  return parsed(features, text).flatMap((feature) =>
    feature.elements
      .filter(({ type }) => type !== 'background')
      .map((scenario) => {
        const results = [...scenario.before, ...scenario.steps, ...scenario.after].flatMap(
          ({ result }) => result ?? [],
        );
        const [, status] = worst.find(([word]) => results.some((result) => result.status === word)) ?? [];
        return testCase({
          prefix: feature.name,
          name: scenario.name,
          status: status ?? (results.length === 0 ? 'UNKNOWN' : 'SUCCEEDED'),
          seconds: results.reduce((sum, { duration = 0 }) => sum + duration, 0) / 1e9,
          message: results.find(({ error_message: said }) => said !== undefined)?.error_message,
        });
      }),
  );
}

const hits = z.union([z.number(), z.null(), z.literal('ignored')]);
const lines = z.array(hits);
const branches = z.record(z.string(), z.record(z.string(), hits)).optional();
const resultset = z.record(
  z.string(),
  z.looseObject({
    coverage: z.record(z.string(), z.union([lines, z.object({ lines, branches })])),
  }),
);

const count = (values: readonly z.output<typeof hits>[]) => ({
  covered: values.filter((value) => typeof value === 'number' && value > 0).length,
  missed: values.filter((value) => value === 0).length,
});

/** SimpleCov's `.resultset.json`: per command and file the hits of each line; a line without code is null. */
export function readSimplecov(text: string): readonly FileCoverage[] {
  return Object.values(parsed(resultset, text)).flatMap(({ coverage }) =>
    Object.entries(coverage).map(([filePath, found]) => {
      const byLine = count(Array.isArray(found) ? found : found.lines);
      const byBranch = count(
        Array.isArray(found) ? [] : Object.values(found.branches ?? {}).flatMap((each) => Object.values(each)),
      );
      return {
        filePath,
        linesCovered: byLine.covered,
        linesMissed: byLine.missed,
        branchesCovered: byBranch.covered,
        branchesMissed: byBranch.missed,
      };
    }),
  );
}
