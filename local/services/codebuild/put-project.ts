import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import type { ProjectShape } from './project-shape.ts';
import { type Project, projectArn, projects } from './tables.ts';

/** Writes a project down, new or changed. */
export function putProject(world: World, { account, region }: Place, shape: ProjectShape): Project {
  const { name } = shape;
  const arn = projectArn(name, { account, region });
  const logs = shape.logsConfig?.cloudWatchLogs;
  const now = world.clock.now();
  const made: Project = {
    arn,
    name,
    account,
    region,
    shape,
    roleArn: shape.serviceRole,
    sourceType: shape.source.type,
    buildspec: shape.source.buildspec ?? 'buildspec.yml',
    image: shape.environment.image,
    variables: shape.environment.environmentVariables,
    timeoutMinutes: shape.timeoutInMinutes,
    logGroup: logs?.groupName ?? `/aws/codebuild/${name}`,
    logs: logs?.status !== 'DISABLED',
    createdAt: world.store.in(projects).get(arn)?.createdAt ?? now,
    modifiedAt: now,
    ...(shape.encryptionKey === undefined ? {} : { keyArn: shape.encryptionKey }),
  };
  world.store.in(projects).put(arn, made);
  return made;
}
