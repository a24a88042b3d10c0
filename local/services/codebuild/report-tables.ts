import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { FileCoverage, TestCase } from './report-case.ts';

/** What a group's reports hold. */
export type ReportType = 'TEST' | 'CODE_COVERAGE';

/** A report group: the reports of one suite, build after build. */
export interface ReportGroup extends Place {
  readonly arn: string;
  readonly name: string;
  readonly type: ReportType;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** One build's report in a group. */
export interface Report extends Place {
  readonly arn: string;
  readonly groupArn: string;
  readonly type: ReportType;
  readonly name: string;
  /** The build's ARN. */
  readonly executionId: string;
  readonly status: 'GENERATING' | 'SUCCEEDED' | 'FAILED' | 'INCOMPLETE';
  readonly createdAt: number;
  readonly cases: readonly TestCase[];
  readonly files: readonly FileCoverage[];
}

/** By ARN. */
export const reportGroups = table<ReportGroup>('codebuild/report-groups');
/** By ARN. */
export const reports = table<Report>('codebuild/reports');

/** The group's ARN, of its name or ARN. */
export const reportGroupArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:') ? name : `arn:aws:codebuild:${region}:${account}:report-group/${name}`;

/** The ARN of the group that a report is of: IAM knows reports by their group only. */
const groupOfReport = (arn: string): string => arn.replace(/:report\/(.*):[^:]*$/, ':report-group/$1');

/** The question for an action on a group, or on reports of it. */
export function groupAccess(action: string, arn: string, at: Place): Access {
  const resource = reportGroupArn(groupOfReport(arn), at);
  return { action: `codebuild:${action}`, resource, owner: resource.split(':')[4] ?? at.account };
}

/** The group of that ARN, in that place. Throws ResourceNotFoundException. */
export function findGroup(world: World, arn: string, at: Place): ReportGroup {
  const group = world.store.in(reportGroups).get(arn);
  if (group === undefined || !isAt(group, at))
    throw new AwsError('ResourceNotFoundException', `Report group cannot be found: ${arn.slice(0, 300)}`);
  return group;
}

/** The report of that ARN, in that place. Throws ResourceNotFoundException. */
export function findReport(world: World, arn: string, at: Place): Report {
  const report = world.store.in(reports).get(arn);
  if (report === undefined || !isAt(report, at))
    throw new AwsError('ResourceNotFoundException', `Report cannot be found: ${arn.slice(0, 300)}`);
  return report;
}

/** Whether a row is of that account and region. */
export const isAt = (row: Place, { account, region }: Place): boolean =>
  row.account === account && row.region === region;

/** Removes a group's reports with it. */
export function removeGroup(world: World, arn: string): void {
  for (const report of world.store.in(reports).where(({ groupArn }) => groupArn === arn))
    world.store.in(reports).delete(report.arn);
  world.store.in(reportGroups).delete(arn);
}
