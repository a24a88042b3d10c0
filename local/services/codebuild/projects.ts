import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { type Project, projectAccess, projectArn, projects } from './tables.ts';

/** The names of the account's projects. */
export const listProjects = operation({
  input: z.object({}),
  access: () => [{ action: 'codebuild:ListProjects', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    projects: world.store
      .in(projects)
      .where((row) => row.account === account && row.region === region)
      .map(({ name }) => name),
  }),
});

/** Projects by name; those that do not exist are listed apart. */
export const batchGetProjects = operation({
  input: z.object({ names: z.array(z.string()).min(1).max(100) }),
  access: ({ names }, call) => names.map((name) => projectAccess('BatchGetProjects', name, call)),
  run: ({ names }, call) => {
    const found = names.map((name) => [name, call.world.store.in(projects).get(projectArn(name, call))] as const);
    return {
      projects: found.flatMap(([, project]) => (project === undefined ? [] : [shown(project)])),
      projectsNotFound: found.flatMap(([name, project]) => (project === undefined ? [name] : [])),
    };
  },
});

const shown = (project: Project) => ({
  name: project.name,
  arn: project.arn,
  source: { type: project.sourceType, buildspec: project.buildspec },
  serviceRole: project.roleArn,
  timeoutInMinutes: project.timeoutMinutes,
  encryptionKey: project.keyArn,
  created: new Date(project.createdAt),
  environment: {
    type: 'LINUX_CONTAINER',
    image: project.image,
    computeType: 'BUILD_GENERAL1_SMALL',
    environmentVariables: project.variables,
  },
});
