import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { shownBatch } from './batch-shown.ts';
import { type BuildBatch, batches, findBatch } from './batch-tables.ts';
import { findProject, projectAccess, projectOfBuild } from './tables.ts';

/** Batches by id; those that do not exist are listed apart. */
export const batchGetBuildBatches = operation({
  input: z.object({ ids: z.array(z.string()).max(100) }),
  access: ({ ids }, call) =>
    [...new Set(ids.map(projectOfBuild))].map((name) => projectAccess('BatchGetBuildBatches', name, call)),
  run: ({ ids }, call) => {
    const found = ids.map((id) => [id, findBatch(call.world, id, call)] as const);
    return {
      buildBatches: found.flatMap(([, batch]) => (batch === undefined ? [] : [shownBatch(call.world, batch)])),
      buildBatchesNotFound: found.flatMap(([id, batch]) => (batch === undefined ? [id] : [])),
    };
  },
});

const listed = {
  filter: z
    .object({ status: z.enum(['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'IN_PROGRESS', 'STOPPED']).optional() })
    .optional(),
  maxResults: z.number().int().min(1).max(100).default(100),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
  nextToken: z.string().optional(),
};

/** The ids of a project's batches, newest first. */
export const listBuildBatchesForProject = operation({
  input: z.object({ projectName: z.string(), ...listed }),
  access: ({ projectName }, call) => [projectAccess('ListBuildBatchesForProject', projectName, call)],
  run: ({ projectName, ...wanted }, call) => {
    const { arn } = findProject(call.world, projectName, call);
    return idsOf(
      call.world.store.in(batches).where(({ template }) => template.project.arn === arn),
      wanted,
    );
  },
});

/** The ids of all batches of the account in the region, newest first. */
export const listBuildBatches = operation({
  input: z.object(listed),
  access: () => [{ action: 'codebuild:ListBuildBatches', resource: '*' }],
  run: (wanted, { world, account, region }) =>
    idsOf(
      world.store
        .in(batches)
        .where(({ template: { project } }) => project.account === account && project.region === region),
      wanted,
    ),
});

type Listed = Pick<z.output<z.ZodObject<typeof listed>>, keyof typeof listed>;

function idsOf(rows: readonly BuildBatch[], { filter, maxResults, sortOrder, nextToken }: Listed) {
  const ids = rows.filter(({ status }) => filter?.status === undefined || status === filter.status).map(({ id }) => id);
  const sorted = sortOrder === 'ASCENDING' ? ids : ids.toReversed();
  const { items, next } = pageOf(sorted, nextToken, maxResults, 'InvalidInputException');
  return { ids: items, ...(next === undefined ? {} : { nextToken: next }) };
}
