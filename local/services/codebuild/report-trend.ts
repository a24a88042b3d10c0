import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { coverageSummary, percentage, testSummary } from './report-shown.ts';
import { findGroup, groupAccess, type Report, reports } from './report-tables.ts';

const fields = {
  PASS_RATE: (report: Report) => {
    const { total, statusCounts } = testSummary(report);
    const passed = statusCounts['SUCCEEDED'] ?? 0;
    return percentage(passed, total - passed);
  },
  DURATION: (report: Report) => testSummary(report).durationInNanoSeconds,
  TOTAL: (report: Report) => testSummary(report).total,
  LINE_COVERAGE: (report: Report) => coverageSummary(report).lineCoveragePercentage,
  LINES_COVERED: (report: Report) => coverageSummary(report).linesCovered,
  LINES_MISSED: (report: Report) => coverageSummary(report).linesMissed,
  BRANCH_COVERAGE: (report: Report) => coverageSummary(report).branchCoveragePercentage,
  BRANCHES_COVERED: (report: Report) => coverageSummary(report).branchesCovered,
  BRANCHES_MISSED: (report: Report) => coverageSummary(report).branchesMissed,
} as const;

/** One figure over the newest reports of a group, oldest of them last. */
export const getReportGroupTrend = operation({
  input: z.object({
    reportGroupArn: z.string(),
    numOfReports: z.number().int().min(1).max(100).default(100),
    trendField: z.enum(Object.keys(fields) as (keyof typeof fields)[]),
  }),
  access: ({ reportGroupArn }, call) => [groupAccess('GetReportGroupTrend', reportGroupArn, call)],
  run: ({ reportGroupArn, numOfReports, trendField }, call) => {
    const { arn } = findGroup(call.world, reportGroupArn, call);
    const rows = call.world.store.in(reports).where(({ groupArn }) => groupArn === arn);
    const newest = rows.toReversed().slice(0, numOfReports);
    const values = newest.map(fields[trendField]);
    if (values.length === 0) return { stats: {}, rawData: [] };
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      stats: { average: String(average), max: String(Math.max(...values)), min: String(Math.min(...values)) },
      rawData: newest.map((report, index) => ({ reportArn: report.arn, data: String(values[index]) })),
    };
  },
});
