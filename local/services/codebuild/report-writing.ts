import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { FileCoverage, TestCase } from './report-case.ts';
import { findGroup, findReport, groupAccess, type Report, reports } from './report-tables.ts';
import { builds } from './tables.ts';

/** A report keeps this many cases, those that failed first. Source: "Test report statuses" of the CodeBuild guide. */
export const mostCases = 500;

/** Begins a build's report in a group. Only CodeBuild itself calls it, with the build's role. */
export const createReport = operation({
  internal: true,
  input: z.object({ reportGroupArn: z.string(), buildId: z.string(), type: z.enum(['TEST', 'CODE_COVERAGE']) }),
  access: ({ reportGroupArn }, call) => [groupAccess('CreateReport', reportGroupArn, call)],
  run: ({ reportGroupArn, buildId, type }, call) => {
    const { world, account, region } = call;
    const group = findGroup(world, reportGroupArn, call);
    if (group.type !== type)
      throw new AwsError(
        'InvalidInputException',
        `report group ${group.name} is of type ${group.type}, and the file-format makes ${type}: name another group`,
      );
    const name = `${group.name}:${world.chance.uuid()}`;
    const arn = `arn:aws:codebuild:${region}:${account}:report/${name}`;
    const executionId = world.store.in(builds).get(buildId)?.arn ?? buildId;
    world.store.in(reports).put(arn, {
      arn,
      groupArn: group.arn,
      type,
      name,
      executionId,
      status: 'GENERATING',
      createdAt: world.clock.now(),
      cases: [],
      files: [],
      account,
      region,
    });
    world.store.in(builds).update(buildId, (build) => ({ ...build, reportArns: [...(build.reportArns ?? []), arn] }));
    return { arn };
  },
});

/** Ends a report. */
export const updateReport = operation({
  internal: true,
  input: z.object({ arn: z.string(), status: z.enum(['SUCCEEDED', 'FAILED', 'INCOMPLETE']) }),
  access: ({ arn }, call) => [groupAccess('UpdateReport', arn, call)],
  run: ({ arn, status }, call) => {
    const report = findReport(call.world, arn, call);
    call.world.store.in(reports).put(arn, { ...report, status });
    return {};
  },
});

/** Puts cases into a report. */
export const batchPutTestCases = operation({
  internal: true,
  input: z.object({ reportArn: z.string(), testCases: z.array(z.custom<TestCase>()) }),
  access: ({ reportArn }, call) => [groupAccess('BatchPutTestCases', reportArn, call)],
  run: ({ reportArn, testCases }, call) => {
    const report = findReport(call.world, reportArn, call);
    const made: Report = { ...report, cases: testCases };
    call.world.store.in(reports).put(reportArn, made);
    return {};
  },
});

/** Puts the coverage of files into a report. */
export const batchPutCodeCoverages = operation({
  internal: true,
  input: z.object({ reportArn: z.string(), codeCoverages: z.array(z.custom<FileCoverage>()) }),
  access: ({ reportArn }, call) => [groupAccess('BatchPutCodeCoverages', reportArn, call)],
  run: ({ reportArn, codeCoverages }, call) => {
    const report = findReport(call.world, reportArn, call);
    call.world.store.in(reports).put(reportArn, { ...report, files: codeCoverages });
    return {};
  },
});
