import type { Batch, BatchMatrix } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { BatchConfig, PlannedBuild } from './batch-tables.ts';

/** A batch has at most so many builds. Source: "Quotas for AWS CodeBuild". */
const mostBuilds = 100;

/** The builds that a batchspec asks for, each with its identifier. Throws InvalidInputException for more than the project allows. */
export function plannedBuilds(batch: Batch, computeType: string, config: BatchConfig): readonly PlannedBuild[] {
  const { maximumBuildsAllowed = mostBuilds, computeTypesAllowed } = config.restrictions ?? {};
  const count = countOf(batch);
  if (count > maximumBuildsAllowed)
    throw new AwsError(
      'InvalidInputException',
      `the batch has ${count} builds, and ${maximumBuildsAllowed} are allowed`,
    );
  const planned = buildsOf(batch);
  for (const { identifier, env } of planned) {
    const asked = env.computeType ?? computeType;
    if (computeTypesAllowed !== undefined && !computeTypesAllowed.includes(asked))
      throw new AwsError(
        'InvalidInputException',
        `build ${identifier} asks for the compute type ${asked}, and allowed are ${computeTypesAllowed.join(', ')}`,
      );
  }
  return planned;
}

/** Counted before they are made: a matrix of few lines may stand for millions. */
function countOf({ builds, matrix, fanout }: Batch): number {
  if (fanout !== undefined) return fanout.parallelism;
  if (matrix === undefined) return builds.length;
  return axesOf(matrix).reduce((count, { values }) => count * values.length, 1);
}

function buildsOf({ builds, matrix, fanout }: Batch): readonly PlannedBuild[] {
  if (matrix !== undefined) return matrixBuilds(matrix);
  if (fanout === undefined) return builds;
  const { ignoreFailure } = fanout;
  return Array.from({ length: fanout.parallelism }, (_, index) => ({
    ...alone(index),
    ignoreFailure,
    env: { variables: {} },
  }));
}

const alone = (index: number) => ({ identifier: `build${index}`, dependsOn: [] });

/** One thing that differs between the builds of a matrix, and how a build takes one of its values. */
interface Axis {
  readonly values: readonly string[];
  readonly take: (build: PlannedBuild, value: string) => PlannedBuild;
}

const inEnv =
  (member: 'computeType' | 'image' | 'type'): Axis['take'] =>
  (build, value) => ({ ...build, env: { ...build.env, [member]: value } });

function axesOf(matrix: BatchMatrix): readonly Axis[] {
  const { buildspecs, computeTypes, images, types, variables } = matrix;
  const axes: readonly Axis[] = [
    { values: buildspecs, take: (build, buildspec) => ({ ...build, buildspec }) },
    { values: computeTypes, take: inEnv('computeType') },
    { values: images, take: inEnv('image') },
    { values: types, take: inEnv('type') },
    ...Object.entries(variables).map(([name, values]) => ({
      values,
      take: (build: PlannedBuild, value: string) => ({
        ...build,
        env: { ...build.env, variables: { ...build.env.variables, [name]: value } },
      }),
    })),
  ];
  return axes.filter(({ values }) => values.length > 0);
}

/** Every combination, the first axis changing slowest, as the guide's example lists them. */
function matrixBuilds(matrix: BatchMatrix): readonly PlannedBuild[] {
  const { ignoreFailure, env } = matrix;
  let planned: readonly PlannedBuild[] = [{ ...alone(0), ignoreFailure, env }];
  for (const { values, take } of axesOf(matrix))
    planned = planned.flatMap((build) => values.map((value) => take(build, value)));
  return planned.map((build, index) => ({ ...build, ...alone(index) }));
}
