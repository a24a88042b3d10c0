import type { FileCoverage } from './report-case.ts';
import type { Report } from './report-tables.ts';

/** Percent of what could be covered; of nothing, 0. */
export const percentage = (covered: number, missed: number): number =>
  covered + missed === 0 ? 0 : Math.round((covered / (covered + missed)) * 10_000) / 100;

/** How the cases ended, counted by status. */
export function testSummary({ cases }: Report) {
  const count = (status: string) => cases.filter((each) => each.status === status).length;
  const statuses = ['SUCCEEDED', 'FAILED', 'ERROR', 'SKIPPED', 'UNKNOWN'];
  return {
    total: cases.length,
    statusCounts: Object.fromEntries(statuses.map((status) => [status, count(status)])),
    durationInNanoSeconds: cases.reduce((sum, { durationNanoSeconds }) => sum + durationNanoSeconds, 0),
  };
}

/** What all files together reach. */
export function coverageSummary({ files }: Report) {
  const sum = (part: keyof Omit<FileCoverage, 'filePath'>) => files.reduce((total, file) => total + file[part], 0);
  const [linesCovered, linesMissed] = [sum('linesCovered'), sum('linesMissed')];
  const [branchesCovered, branchesMissed] = [sum('branchesCovered'), sum('branchesMissed')];
  return {
    lineCoveragePercentage: percentage(linesCovered, linesMissed),
    linesCovered,
    linesMissed,
    branchCoveragePercentage: percentage(branchesCovered, branchesMissed),
    branchesCovered,
    branchesMissed,
  };
}

/** A report as the API shows it. */
export const shownReport = (report: Report) => ({
  arn: report.arn,
  type: report.type,
  name: report.name,
  reportGroupArn: report.groupArn,
  executionId: report.executionId,
  status: report.status,
  created: new Date(report.createdAt),
  exportConfig: { exportConfigType: 'NO_EXPORT' },
  truncated: false,
  ...(report.type === 'TEST' ? { testSummary: testSummary(report) } : { codeCoverageSummary: coverageSummary(report) }),
});
