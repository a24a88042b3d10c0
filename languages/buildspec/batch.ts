import { fields, flag, listOf, mapOf, type Shape, text, wholeNumber } from '../yaml/shapes.ts';
import type { Batch, BatchBuild, BatchEnvironment, BatchMatrix } from './types.ts';

const mostBuilds = 100;
const kinds = ['build-list', 'build-graph', 'build-matrix', 'build-fanout'] as const;

const envFields = fields({
  'compute-type': text,
  fleet: text,
  image: text,
  type: text,
  'privileged-mode': flag,
  variables: mapOf(text),
});
const env: Shape<BatchEnvironment> = (spot) => ({ variables: {}, ...envFields(spot) });

const identifier: Shape<string> = (spot) => {
  const given = text(spot);
  if (!/^[A-Za-z0-9_]{1,128}$/.test(given))
    throw spot.refusal(`'${given}' may hold letters, digits and underscores only`);
  return given;
};

const buildShapes = { identifier, env, buildspec: text, 'debug-session': flag, 'ignore-failure': flag };
const listBuild = fields(buildShapes);
const graphBuild = fields({ ...buildShapes, 'depend-on': listOf(text) }, ['identifier']);

/** Builds by identifier; a list's build without one is named by its place, as CodeBuild names it. */
function builds(shape: typeof graphBuild): Shape<readonly BatchBuild[]> {
  return (spot) => {
    const read = listOf(shape)(spot).map(
      (build, index): BatchBuild => ({
        identifier: build.identifier ?? `build${index}`,
        buildspec: build.buildspec,
        ignoreFailure: build.ignoreFailure ?? false,
        debugSession: build.debugSession ?? false,
        env: build.env ?? { variables: {} },
        dependsOn: build.dependOn ?? [],
      }),
    );
    if (read.length === 0 || read.length > mostBuilds)
      throw spot.refusal(`must hold 1 to ${mostBuilds} builds, not ${read.length}`);
    const ids = read.map(({ identifier: id }) => id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw spot.refusal(`the identifier ${twice} is there twice`);
    checkGraph(read, (problem) => spot.refusal(problem));
    return read;
  };
}

function checkGraph(read: readonly BatchBuild[], refusal: (problem: string) => Error): void {
  const done = new Set<string>();
  for (const { identifier: id, dependsOn } of read)
    for (const needed of dependsOn)
      if (!read.some((build) => build.identifier === needed))
        throw refusal(`${id} depends on ${needed}, which is no build`);
  for (let before = -1; before < done.size; ) {
    before = done.size;
    for (const build of read) if (build.dependsOn.every((needed) => done.has(needed))) done.add(build.identifier);
  }
  const stuck = read.filter((build) => !done.has(build.identifier)).map((build) => build.identifier);
  if (stuck.length > 0) throw refusal(`the builds ${stuck.join(', ')} depend on each other in a circle`);
}

const several: Shape<readonly string[]> = listOf(text);
const matrixFields = fields({
  static: fields({ 'ignore-failure': flag, env }),
  dynamic: fields({
    buildspec: several,
    env: fields({ 'compute-type': several, image: several, type: several, variables: mapOf(several) }),
  }),
});
const matrix: Shape<BatchMatrix> = (spot) => {
  const { static: fixed = {}, dynamic = {} } = matrixFields(spot);
  return {
    ignoreFailure: fixed.ignoreFailure ?? false,
    env: fixed.env ?? { variables: {} },
    buildspecs: dynamic.buildspec ?? [],
    computeTypes: dynamic.env?.computeType ?? [],
    images: dynamic.env?.image ?? [],
    types: dynamic.env?.type ?? [],
    variables: dynamic.env?.variables ?? {},
  };
};

const fanoutFields = fields({ parallelism: wholeNumber(2, mostBuilds), 'ignore-failure': flag }, ['parallelism']);

const batchFields = fields({
  'fast-fail': flag,
  'build-list': builds(listBuild),
  'build-graph': builds(graphBuild),
  'build-matrix': matrix,
  'build-fanout': fanoutFields,
});

/** A batch of exactly one kind. */
export const batch: Shape<Batch> = (spot) => {
  const read = batchFields(spot);
  const given = kinds.filter(
    (_, index) => [read.buildList, read.buildGraph, read.buildMatrix, read.buildFanout][index] !== undefined,
  );
  const [kind, ...others] = given;
  if (kind === undefined || others.length > 0)
    throw spot.refusal(`must hold exactly one of ${kinds.join(', ')}, not ${given.join(' and ') || 'none'}`);
  const fanout = read.buildFanout;
  return {
    fastFail: read.fastFail ?? false,
    kind,
    builds: read.buildList ?? read.buildGraph ?? [],
    matrix: read.buildMatrix,
    fanout: fanout && { parallelism: fanout.parallelism ?? 2, ignoreFailure: fanout.ignoreFailure ?? false },
  };
};
