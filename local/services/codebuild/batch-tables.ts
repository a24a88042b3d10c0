import type { z } from 'zod';
import type { BatchEnvironment } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { batchConfig } from './project-shape.ts';
import type { Build, BuildPhase, BuildStatus } from './tables.ts';

/** How a project's builds run in batches. */
export type BatchConfig = z.output<typeof batchConfig>;

/** One build that the batchspec asks for. */
export interface PlannedBuild {
  readonly identifier: string;
  readonly dependsOn: readonly string[];
  readonly ignoreFailure: boolean;
  /** A path in the source or a text; without it the project's. */
  readonly buildspec?: string;
  readonly env: BatchEnvironment;
}

/** A planned build with the builds that were begun for it: more than one once the batch was retried. */
export interface BatchGroup extends PlannedBuild {
  /** The build's id. */
  readonly current?: string;
  /** Why no build could be begun. */
  readonly refused?: string;
  readonly prior: readonly string[];
}

/** A batch of builds. */
export interface BuildBatch {
  /** `<project>:<uuid>`. */
  readonly id: string;
  readonly arn: string;
  readonly number: number;
  /** Project, source, variables and outputs as a build would have them that is begun with the same members; it never runs itself. */
  readonly template: Build;
  readonly roleArn: string;
  readonly config: BatchConfig;
  readonly timeoutMinutes: number;
  readonly status: BuildStatus;
  readonly reason?: string;
  readonly phases: readonly BuildPhase[];
  /** Empty until the batchspec is read. */
  readonly groups: readonly BatchGroup[];
  readonly fastFail: boolean;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** By id. */
export const batches = table<BuildBatch>('codebuild/batches');
/** By project: the number of its last batch. */
export const batchNumbers = table<number>('codebuild/batch-numbers');

const idOf = (id: string): string => id.replace(/^arn:[^/]+\//, '');

/** The batch of that id or ARN, if it is one of that place. */
export function findBatch(world: World, id: string, { account, region }: Place): BuildBatch | undefined {
  const batch = world.store.in(batches).get(idOf(id));
  const project = batch?.template.project;
  return project?.account === account && project.region === region ? batch : undefined;
}

/** As {@link findBatch}. Throws ResourceNotFoundException. */
export function existingBatch(world: World, id: string, at: Place): BuildBatch {
  const batch = findBatch(world, id, at);
  if (batch !== undefined) return batch;
  throw new AwsError('ResourceNotFoundException', `Build batch cannot be found: ${id.slice(0, 200)}`);
}
