import { readFileSync } from 'node:fs';
import {
  BatchGetReportsCommand,
  DescribeCodeCoveragesCommand,
  DescribeTestCasesCommand,
  GetReportGroupTrendCommand,
  ListReportGroupsCommand,
} from '@aws-sdk/client-codebuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFormat } from '../../local/services/codebuild/report-formats.ts';
import { ReportUnreadable } from '../../local/services/codebuild/report-xml.ts';
import { account, type BuildWorld, buildWorld, needed, spec } from './codebuild-world.ts';

interface ReportRow {
  readonly format: string;
  readonly text: string;
  readonly cases?: readonly string[];
  readonly files?: readonly string[];
}
const rows = JSON.parse(
  readFileSync(new URL('../cases/codebuild-reports.json', import.meta.url), 'utf8'),
) as readonly ReportRow[];

test.each(rows)('$format is read', ({ format, text, cases = [], files = [] }) => {
  const read = reportFormat(format).read(text);

  expect(read.cases.map((c) => `${c.prefix} ${c.name} ${c.status} ${c.durationNanoSeconds} ${c.message}`)).toEqual(
    cases,
  );
  expect(
    read.files.map((f) => `${f.filePath} ${f.linesCovered}/${f.linesMissed} ${f.branchesCovered}/${f.branchesMissed}`),
  ).toEqual(files);
});

test.each([
  ['<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuites/>', 'declares something'],
  ['<testsuites>&lol;</testsuites>', '&lol; is no reference'],
  ['<testsuites>', '<testsuites> is not closed'],
  ['<testsuites></testsuite>', 'does not close'],
  ['<coverage/>', '<coverage> is at the top'],
  ['', 'one element at the top'],
  ['<testsuite>'.repeat(200), 'within each other'],
  ['<testsuites>\n<a b=c/></testsuites>', 'line 2: <a> is not well-formed'],
])('the JUnit file %j is refused: %s', (text, reason) => {
  expect(() => reportFormat('JUNITXML').read(text)).toThrow(reason);
});

test('no broken file does more than to be refused', () => {
  const numRuns = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 10_000) / 5);
  const mangled = fc.tuple(fc.constantFrom(...rows), fc.nat(), fc.nat(40), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(mangled, ([{ format, text }, place, length, put]) => {
      const at = place % text.length;
      try {
        reportFormat(format).read(text.slice(0, at) + put + text.slice(at + length));
      } catch (error) {
        expect(error).toBeInstanceOf(ReportUnreadable);
      }
    }),
    { numRuns },
  );
}, 120_000);

describe('a build with reports', () => {
  let cloud: BuildWorld;
  const reporting = ['CreateReportGroup', 'CreateReport', 'UpdateReport', 'BatchPutTestCases', 'BatchPutCodeCoverages'];
  const [junit, cobertura] = [rows[0]?.text ?? '', rows[6]?.text ?? ''];
  beforeAll(async () => {
    cloud = await buildWorld();
    await cloud.allow([...needed, ...reporting.map((each) => `codebuild:${each}`)]);
  });
  afterAll(async () => cloud.close());
  const run = (reports: object) =>
    cloud.run({
      buildspec: spec({ phases: { build: { commands: ['true'] } }, reports }),
      files: { 'out/unit.xml': junit, 'cover.xml': cobertura, 'broken.xml': '<testsuites>' },
    });

  test('makes its groups and reports, which the API and its log show', async () => {
    const ended = await run({
      unit: { files: ['*.xml'], 'base-directory': 'out' },
      cover: { files: ['cover.xml'], 'file-format': 'COBERTURAXML' },
    });
    const reportArns = ended.build.reportArns ?? [];
    const { reports = [] } = await cloud.builds.send(new BatchGetReportsCommand({ reportArns }));
    const [unit, cover] = reportArns;
    const { testCases } = await cloud.builds.send(
      new DescribeTestCasesCommand({ reportArn: unit, filter: { status: 'FAILED' } }),
    );
    const { codeCoverages } = await cloud.builds.send(new DescribeCodeCoveragesCommand({ reportArn: cover }));
    const { reportGroups } = await cloud.builds.send(new ListReportGroupsCommand({ sortBy: 'NAME' }));
    const trend = await cloud.builds.send(
      new GetReportGroupTrendCommand({ reportGroupArn: reports[0]?.reportGroupArn, trendField: 'PASS_RATE' }),
    );

    expect(ended.status).toBe('SUCCEEDED');
    expect(reports.map(({ status, type }) => `${type} ${status}`)).toEqual(['TEST FAILED', 'CODE_COVERAGE SUCCEEDED']);
    expect(reports[0]?.testSummary).toMatchObject({ total: 4, statusCounts: { SUCCEEDED: 1, FAILED: 1 } });
    expect(testCases?.map(({ name }) => name)).toEqual(['takes']);
    expect(codeCoverages?.[0]).toMatchObject({ filePath: 'a.ts', lineCoveragePercentage: 50 });
    expect(reportGroups?.map((arn) => arn.split('/')[1])).toEqual(['orders-unit', 'orders-cover']);
    expect(trend.stats?.average).toBe('25');
    expect(ended.lines.join('\n')).toContain('report unit FAILED: 4 tests, 1 succeeded, 1 failed, 1 error, 1 skipped');
    expect(ended.lines.join('\n')).toContain('report cover SUCCEEDED: 1 of 2 lines covered in 1 files');
  });

  test.each([
    [{ files: ['none.xml'] }, 'no file matches none.xml'],
    [{ files: ['broken.xml'] }, 'broken.xml is no JUNITXML: line 1: <testsuites> is not closed'],
    [{ files: ['*'], 'base-directory': '..' }, 'leaves the source'],
  ])('whose report %j is INCOMPLETE goes on: %s', async (report, reason) => {
    const ended = await run({ unit: report });
    const { reports = [] } = await cloud.builds.send(
      new BatchGetReportsCommand({ reportArns: ended.build.reportArns }),
    );

    expect([ended.status, reports[0]?.status]).toEqual(['SUCCEEDED', 'INCOMPLETE']);
    expect(ended.lines.join('\n')).toContain(reason);
  });

  test('may use a group of a template by its ARN, but not for another type', async () => {
    const { physicalId } = await cloud.place(account, 'AWS::CodeBuild::ReportGroup', {
      Name: 'ours',
      Type: 'CODE_COVERAGE',
      ExportConfig: { ExportConfigType: 'NO_EXPORT' },
    });
    const ended = await run({ [physicalId]: { files: ['cover.xml'], 'file-format': 'COBERTURAXML' } });
    const wrong = await run({ [physicalId]: { files: ['out/unit.xml'] } });

    expect(ended.build.reportArns?.[0]).toContain(':report/ours:');
    expect(wrong.lines.join('\n')).toContain('report group ours is of type CODE_COVERAGE');
  });

  test('whose role may make no group has none', async () => {
    await cloud.allow(needed);
    const ended = await run({ other: { files: ['out/unit.xml'] } });

    expect([ended.status, ended.build.reportArns]).toEqual(['SUCCEEDED', []]);
    expect(ended.lines.join('\n')).toMatch(/report other is not made: AccessDenied.*codebuild:CreateReportGroup/);
  });
});
