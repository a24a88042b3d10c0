import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { projectShape } from './project-shape.ts';
import { putProject } from './put-project.ts';
import { projectArn, projects } from './tables.ts';

/** `ServiceRole` is `serviceRole` in the API and `BuildSpec` `buildspec`; values stay as they are. */
function inApiWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApiWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name === 'BuildSpec' ? 'buildspec' : `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      inApiWords(inner),
    ]),
  );
}

/** The roles that a project hands to CodeBuild: of its builds, and of its batches. */
const rolesOf = (serviceRole: string, batches: { readonly serviceRole?: string | undefined } | undefined) =>
  batches?.serviceRole === undefined ? [serviceRole] : [serviceRole, batches.serviceRole];

/** AWS::CodeBuild::Project for pipelines, from S3 or without source. Image and compute type are recorded: a build runs in this machine's own shell. */
export const project = resource({
  simplified:
    'A build runs in a shell of this machine as its user; image and compute type are only recorded; a cache is saved after success, without links, from source and home, a LOCAL one lives as long as the cloud, and a source cache has no effect.',
  properties: z
    .record(z.string(), z.unknown())
    .transform(inApiWords)
    .pipe(projectShape.partial({ name: true })),
  access: ({ name = '*', serviceRole, buildBatchConfig }, at, change) => {
    const action = { create: 'CreateProject', update: 'UpdateProject', delete: 'DeleteProject' }[change];
    return [
      { action: `codebuild:${action}`, resource: projectArn(name, at) },
      ...(change === 'delete'
        ? []
        : rolesOf(serviceRole, buildBatchConfig).map((role) => passRole(role, 'codebuild.amazonaws.com'))),
    ];
  },
  put: (properties, at, previous) => {
    const { world, logicalId } = at;
    const name = properties.name ?? previous?.physicalId ?? `${logicalId}-${world.chance.hex(12)}`;
    const { arn } = putProject(world, at, { ...properties, name });
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(projects).delete(String(attributes['Arn'])),
});
