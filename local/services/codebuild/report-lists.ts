import { z } from 'zod';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { percentage, shownReport } from './report-shown.ts';
import { findGroup, findReport, groupAccess, isAt, type Report, reports } from './report-tables.ts';

const listed = {
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(100).default(100),
  filter: z.object({ status: z.string().optional() }).default({}),
};
type Listed = z.output<z.ZodObject<typeof listed>>;

/** The ARNs of all reports of the account, newest first. */
export const listReports = operation({
  input: z.object(listed),
  access: () => [{ action: 'codebuild:ListReports', resource: '*' }],
  run: (wanted, call) => arnsOf(rowsAt(call.world, call), wanted),
});

/** The ARNs of a group's reports, newest first. */
export const listReportsForReportGroup = operation({
  input: z.object({ reportGroupArn: z.string(), ...listed }),
  access: ({ reportGroupArn }, call) => [groupAccess('ListReportsForReportGroup', reportGroupArn, call)],
  run: ({ reportGroupArn, ...wanted }, call) => {
    const { arn } = findGroup(call.world, reportGroupArn, call);
    return arnsOf(
      rowsAt(call.world, call).filter(({ groupArn }) => groupArn === arn),
      wanted,
    );
  },
});

/** Reports by ARN; those that do not exist are listed apart. */
export const batchGetReports = operation({
  input: z.object({ reportArns: z.array(z.string()).min(1).max(100) }),
  access: ({ reportArns }, call) => reportArns.map((arn) => groupAccess('BatchGetReports', arn, call)),
  run: ({ reportArns }, call) => {
    const rows = rowsAt(call.world, call);
    const found = reportArns.flatMap((arn) => rows.filter((row) => row.arn === arn));
    return {
      reports: found.map(shownReport),
      reportsNotFound: reportArns.filter((arn) => !found.some((row) => row.arn === arn)),
    };
  },
});

/** Removes a report; one that is not there is no error. */
export const deleteReport = operation({
  input: z.object({ arn: z.string() }),
  access: ({ arn }, call) => [groupAccess('DeleteReport', arn, call)],
  run: ({ arn }, call) => {
    if (rowsAt(call.world, call).some((row) => row.arn === arn)) call.world.store.in(reports).delete(arn);
    return {};
  },
});

/** A report's cases, a hundred a page. */
export const describeTestCases = operation({
  input: z.object({
    reportArn: z.string(),
    nextToken: z.string().optional(),
    maxResults: z.number().int().min(1).max(100).default(100),
    filter: z.object({ status: z.string().optional(), keyword: z.string().optional() }).default({}),
  }),
  access: ({ reportArn }, call) => [groupAccess('DescribeTestCases', reportArn, call)],
  run: ({ reportArn, nextToken, maxResults, filter: { status, keyword = '' } }, call) => {
    const { cases } = findReport(call.world, reportArn, call);
    const fits = cases.filter(
      (each) => (status === undefined || each.status === status) && `${each.prefix} ${each.name}`.includes(keyword),
    );
    const { items, next } = pageOf(fits, nextToken, maxResults, 'InvalidInputException');
    const testCases = items.map(({ durationNanoSeconds, ...each }) => ({
      reportArn,
      ...each,
      durationInNanoSeconds: durationNanoSeconds,
    }));
    return { testCases, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

/** A report's files, a hundred a page. */
export const describeCodeCoverages = operation({
  input: z.object({
    reportArn: z.string(),
    nextToken: z.string().optional(),
    maxResults: z.number().int().min(1).max(100).default(100),
    sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING'),
    sortBy: z.enum(['LINE_COVERAGE_PERCENTAGE', 'FILE_PATH']).default('FILE_PATH'),
    minLineCoveragePercentage: z.number().min(0).max(100).default(0),
    maxLineCoveragePercentage: z.number().min(0).max(100).default(100),
  }),
  access: ({ reportArn }, call) => [groupAccess('DescribeCodeCoverages', reportArn, call)],
  run: (wanted, call) => {
    const { reportArn } = wanted;
    const files = findReport(call.world, reportArn, call).files.map((file, index) => ({
      id: `${reportArn}/${index}`,
      reportARN: reportArn,
      ...file,
      lineCoveragePercentage: percentage(file.linesCovered, file.linesMissed),
      branchCoveragePercentage: percentage(file.branchesCovered, file.branchesMissed),
    }));
    const by = (file: (typeof files)[number]) =>
      wanted.sortBy === 'FILE_PATH' ? file.filePath : file.lineCoveragePercentage;
    const ascending = files
      .filter(
        ({ lineCoveragePercentage: lines }) =>
          lines >= wanted.minLineCoveragePercentage && lines <= wanted.maxLineCoveragePercentage,
      )
      .sort((a, b) => (by(a) < by(b) ? -1 : 1));
    const ordered = wanted.sortOrder === 'ASCENDING' ? ascending : ascending.toReversed();
    const { items, next } = pageOf(ordered, wanted.nextToken, wanted.maxResults, 'InvalidInputException');
    return { codeCoverages: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

const rowsAt = (world: World, at: Place): readonly Report[] => world.store.in(reports).where((row) => isAt(row, at));

function arnsOf(rows: readonly Report[], { sortOrder, nextToken, maxResults, filter: { status } }: Listed) {
  const arns = rows.filter((row) => status === undefined || row.status === status).map(({ arn }) => arn);
  const ordered = sortOrder === 'ASCENDING' ? arns : arns.toReversed();
  const { items, next } = pageOf(ordered, nextToken, maxResults, 'InvalidInputException');
  return { reports: items, ...(next === undefined ? {} : { nextToken: next }) };
}
