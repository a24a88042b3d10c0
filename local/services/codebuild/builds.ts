import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { findRunning } from './running.ts';
import { shownBuild } from './shown-build.ts';
import { type Build, builds, findBuild, findProject, projectAccess, projectOfBuild } from './tables.ts';

/** Ends a build that runs, with everything it started. */
export const stopBuild = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('StopBuild', projectOfBuild(id), call)],
  run: async ({ id }, call) => {
    const build = findBuild(call.world, id, call);
    if (build === undefined)
      throw new AwsError('ResourceNotFoundException', `Build cannot be found: ${id.slice(0, 200)}`);
    const running = findRunning(call.world, build.id);
    running?.halt('STOPPED');
    await running?.ended;
    return { build: shownBuild(findBuild(call.world, id, call) ?? build) };
  },
});

/** Builds by id; those that do not exist are listed apart. */
export const batchGetBuilds = operation({
  input: z.object({ ids: z.array(z.string()).min(1).max(100) }),
  access: ({ ids }, call) =>
    [...new Set(ids.map(projectOfBuild))].map((name) => projectAccess('BatchGetBuilds', name, call)),
  run: ({ ids }, call) => {
    const found = ids.map((id) => [id, findBuild(call.world, id, call)] as const);
    return {
      builds: found.flatMap(([, build]) => (build === undefined ? [] : [shownBuild(build)])),
      buildsNotFound: found.flatMap(([id, build]) => (build === undefined ? [id] : [])),
    };
  },
});

const listed = {
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
  nextToken: z.string().optional(),
};

/** The ids of a project's builds, newest first, a hundred a page. */
export const listBuildsForProject = operation({
  input: z.object({ projectName: z.string(), ...listed }),
  access: ({ projectName }, call) => [projectAccess('ListBuildsForProject', projectName, call)],
  run: ({ projectName, ...wanted }, call) => {
    const { arn } = findProject(call.world, projectName, call);
    return idsOf(
      call.world.store.in(builds).where((row) => row.project.arn === arn),
      wanted,
    );
  },
});

/** The ids of all builds of the account in the region, newest first, a hundred a page. */
export const listBuilds = operation({
  input: z.object(listed),
  access: () => [{ action: 'codebuild:ListBuilds', resource: '*' }],
  run: (wanted, { world, account, region }) =>
    idsOf(
      world.store.in(builds).where(({ project }) => project.account === account && project.region === region),
      wanted,
    ),
});

function idsOf(
  rows: readonly Build[],
  { sortOrder, nextToken }: { sortOrder: string; nextToken?: string | undefined },
) {
  const ids = rows.map(({ id }) => id);
  const { items, next } = pageOf(
    sortOrder === 'ASCENDING' ? ids : ids.toReversed(),
    nextToken,
    100,
    'InvalidInputException',
  );
  return { ids: items, ...(next === undefined ? {} : { nextToken: next }) };
}
