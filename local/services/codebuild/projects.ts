import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { type Project, projectAccess, projectArn, projects } from './tables.ts';

const orders = {
  NAME: (row: Project) => row.name,
  CREATED_TIME: (row: Project) => row.createdAt,
  LAST_MODIFIED_TIME: (row: Project) => row.modifiedAt,
} as const;

/** The names of the account's projects, a hundred a page. */
export const listProjects = operation({
  input: z.object({
    sortBy: z.enum(['NAME', 'CREATED_TIME', 'LAST_MODIFIED_TIME']).default('NAME'),
    sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING'),
    nextToken: z.string().optional(),
  }),
  access: () => [{ action: 'codebuild:ListProjects', resource: '*' }],
  run: ({ sortBy, sortOrder, nextToken }, { world, account, region }) => {
    const by = orders[sortBy];
    const rows = [...world.store.in(projects).where((row) => row.account === account && row.region === region)];
    const ascending = rows.sort((a, b) => (by(a) < by(b) ? -1 : 1)).map(({ name }) => name);
    const listed = sortOrder === 'ASCENDING' ? ascending : ascending.toReversed();
    const page = pageOf(listed, nextToken, 100, 'InvalidInputException');
    return { projects: page.items, ...(page.next === undefined ? {} : { nextToken: page.next }) };
  },
});

/** Projects by name or ARN; those that do not exist are listed apart. */
export const batchGetProjects = operation({
  input: z.object({ names: z.array(z.string()).min(1).max(100) }),
  access: ({ names }, call) => names.map((name) => projectAccess('BatchGetProjects', name, call)),
  run: ({ names }, call) => {
    const found = names.map((name) => [name, call.world.store.in(projects).get(projectArn(name, call))] as const);
    return {
      projects: found.flatMap(([, project]) => (project === undefined ? [] : [shownProject(project)])),
      projectsNotFound: found.flatMap(([name, project]) => (project === undefined ? [name] : [])),
    };
  },
});

/** A project as the API shows it. */
export const shownProject = ({ arn, shape, createdAt, modifiedAt, keyArn, account, region }: Project) => ({
  ...shape,
  arn,
  encryptionKey: keyArn ?? `arn:aws:kms:${region}:${account}:alias/aws/s3`,
  badge: { badgeEnabled: false },
  created: new Date(createdAt),
  lastModified: new Date(modifiedAt),
});
