import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { batchConfig, projectShape } from './project-shape.ts';
import { shownProject } from './projects.ts';
import { putProject } from './put-project.ts';
import { findProject, projectAccess, projectArn, projects } from './tables.ts';

const service = 'codebuild.amazonaws.com';

const passBatchRole = (batches: { readonly serviceRole?: string | undefined } | undefined) =>
  batches?.serviceRole === undefined ? [] : [passRole(batches.serviceRole, service)];

/** Makes a project. */
export const createProject = operation({
  input: projectShape,
  access: ({ name, serviceRole, buildBatchConfig }, call) => [
    projectAccess('CreateProject', name, call),
    passRole(serviceRole, service),
    ...passBatchRole(buildBatchConfig),
  ],
  run: (wanted, call) => {
    const arn = projectArn(wanted.name, call);
    if (call.world.store.in(projects).has(arn))
      throw new AwsError('ResourceAlreadyExistsException', `Project already exists: ${arn}`);
    return { project: shownProject(putProject(call.world, call, wanted)) };
  },
});

/** Changes the members that are given; a build that runs keeps what it began with. */
export const updateProject = operation({
  // A member that is left out stays as it is, so no default may stand in for it.
  input: z.looseObject({
    name: z.string(),
    serviceRole: z.string().optional(),
    buildBatchConfig: batchConfig.optional(),
  }),
  access: ({ name, serviceRole, buildBatchConfig }, call) => [
    projectAccess('UpdateProject', name, call),
    ...(serviceRole === undefined ? [] : [passRole(serviceRole, service)]),
    ...passBatchRole(buildBatchConfig),
  ],
  run: (wanted, call) => {
    const { name, shape } = findProject(call.world, wanted.name, call);
    const parsed = projectShape.safeParse({ ...shape, ...wanted, name });
    if (parsed.success) return { project: shownProject(putProject(call.world, call, parsed.data)) };
    const [issue] = parsed.error.issues;
    throw new AwsError('InvalidInputException', `${issue?.path.join('.') ?? 'input'}: ${issue?.message ?? ''}`);
  },
});

/** Removes a project. The record of its builds stays; a project that is not there is no error, as on AWS. */
export const deleteProject = operation({
  input: z.object({ name: z.string() }),
  access: ({ name }, call) => [projectAccess('DeleteProject', name, call)],
  run: ({ name }, call) => {
    call.world.store.in(projects).delete(projectArn(name, call));
    return {};
  },
});
