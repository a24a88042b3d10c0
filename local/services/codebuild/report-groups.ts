import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import {
  findGroup,
  groupAccess,
  isAt,
  type ReportGroup,
  removeGroup,
  reportGroupArn,
  reportGroups,
  reports,
} from './report-tables.ts';

const tags = z.array(z.strictObject({ key: z.string(), value: z.string() })).max(50);

/** The members of CreateReportGroup; a template's properties are the same with capitals. */
export const groupShape = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w-]{1,127}$/, 'must be 2 to 128 letters, digits, _ and -'),
  type: z.enum(['TEST', 'CODE_COVERAGE']),
  exportConfig: z
    .looseObject({
      exportConfigType: z.literal('NO_EXPORT', 'must be NO_EXPORT: the local cloud keeps raw data of reports nowhere'),
    })
    .optional(),
  tags: tags.default([]),
});

/** A group as the API shows it. */
const shownGroup = ({ arn, name, type, tags, createdAt, modifiedAt }: ReportGroup) => ({
  arn,
  name,
  type,
  exportConfig: { exportConfigType: 'NO_EXPORT' },
  created: new Date(createdAt),
  lastModified: new Date(modifiedAt),
  tags,
  status: 'ACTIVE',
});

/** Writes a group down, new or changed. */
export function putGroup(world: World, at: Place, wanted: z.output<typeof groupShape>): ReportGroup {
  const { account, region } = at;
  const arn = reportGroupArn(wanted.name, at);
  const now = world.clock.now();
  const createdAt = world.store.in(reportGroups).get(arn)?.createdAt ?? now;
  const { name, type, tags } = wanted;
  const group = { arn, name, type, tags, account, region, createdAt, modifiedAt: now };
  world.store.in(reportGroups).put(arn, group);
  return group;
}

/** Makes a group. CodeBuild calls it with the build's role for a name in a buildspec. */
export const createReportGroup = operation({
  simplified: 'Raw data of reports is exported nowhere: another exportConfig than NO_EXPORT is refused.',
  input: groupShape,
  access: ({ name }, call) => [groupAccess('CreateReportGroup', name, call)],
  run: (wanted, call) => {
    const arn = reportGroupArn(wanted.name, call);
    if (call.world.store.in(reportGroups).has(arn))
      throw new AwsError('ResourceAlreadyExistsException', `Report group already exists: ${arn}`);
    return { reportGroup: shownGroup(putGroup(call.world, call, wanted)) };
  },
});

/** Changes a group's tags. */
export const updateReportGroup = operation({
  simplified: 'Raw data of reports is exported nowhere: another exportConfig than NO_EXPORT is refused.',
  input: groupShape.pick({ exportConfig: true }).extend({ arn: z.string(), tags: tags.optional() }),
  access: ({ arn }, call) => [groupAccess('UpdateReportGroup', arn, call)],
  run: ({ arn, tags }, call) => {
    const group = findGroup(call.world, arn, call);
    return { reportGroup: shownGroup(putGroup(call.world, call, { ...group, tags: [...(tags ?? group.tags)] })) };
  },
});

/** Removes a group that is empty, or with its reports when that is asked for. */
export const deleteReportGroup = operation({
  input: z.object({ arn: z.string(), deleteReports: z.boolean().default(false) }),
  access: ({ arn }, call) => [groupAccess('DeleteReportGroup', arn, call)],
  run: ({ arn, deleteReports }, { world, account, region }) => {
    const group = world.store.in(reportGroups).get(arn);
    if (group === undefined || !isAt(group, { account, region })) return {};
    if (!deleteReports && world.store.in(reports).where(({ groupArn }) => groupArn === arn).length > 0)
      throw new AwsError(
        'InvalidInputException',
        `Report group ${group.name} has reports: delete them first, or say deleteReports`,
      );
    removeGroup(world, arn);
    return {};
  },
});

/** Groups by ARN; those that do not exist are listed apart. */
export const batchGetReportGroups = operation({
  input: z.object({ reportGroupArns: z.array(z.string()).min(1).max(100) }),
  access: ({ reportGroupArns }, call) => reportGroupArns.map((arn) => groupAccess('BatchGetReportGroups', arn, call)),
  run: ({ reportGroupArns }, call) => {
    const known = (arn: string) => call.world.store.in(reportGroups).where((row) => row.arn === arn && isAt(row, call));
    return {
      reportGroups: reportGroupArns.flatMap(known).map(shownGroup),
      reportGroupsNotFound: reportGroupArns.filter((arn) => known(arn).length === 0),
    };
  },
});

const orders = {
  NAME: (row: ReportGroup) => row.name,
  CREATED_TIME: (row: ReportGroup) => row.createdAt,
  LAST_MODIFIED_TIME: (row: ReportGroup) => row.modifiedAt,
} as const;

/** The ARNs of the account's groups. */
export const listReportGroups = operation({
  input: z.object({
    sortBy: z.enum(['NAME', 'CREATED_TIME', 'LAST_MODIFIED_TIME']).default('CREATED_TIME'),
    sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
    nextToken: z.string().optional(),
    maxResults: z.number().int().min(1).max(100).default(100),
  }),
  access: () => [{ action: 'codebuild:ListReportGroups', resource: '*' }],
  run: ({ sortBy, sortOrder, nextToken, maxResults }, call: Call) => {
    const by = orders[sortBy];
    const rows = [...call.world.store.in(reportGroups).where((row) => isAt(row, call))];
    const ascending = rows.sort((a, b) => (by(a) < by(b) ? -1 : 1)).map(({ arn }) => arn);
    const listed = sortOrder === 'ASCENDING' ? ascending : ascending.toReversed();
    const { items, next } = pageOf(listed, nextToken, maxResults, 'InvalidInputException');
    return { reportGroups: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});
