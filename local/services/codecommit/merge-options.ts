import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { resolveSpecifier } from './commits.ts';
import { gitText } from './git.ts';
import { mergeChoices } from './merge-input.ts';
import { conflictsOf, type MergeOption, type Tips, tipsOf } from './merge-result.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';

const tips = z.object({
  repositoryName: z.string(),
  sourceCommitSpecifier: z.string(),
  destinationCommitSpecifier: z.string(),
  conflictDetailLevel: mergeChoices.conflictDetailLevel,
  conflictResolutionStrategy: mergeChoices.conflictResolutionStrategy,
});

async function commitsOf(world: World, repository: Repository, input: z.output<typeof tips>) {
  return {
    source: await resolveSpecifier(world, repository, input.sourceCommitSpecifier),
    destination: await resolveSpecifier(world, repository, input.destinationCommitSpecifier),
  };
}

/** In which ways two commits can be merged. */
export const getMergeOptions = operation({
  input: tips,
  access: ({ repositoryName }, call) => [repositoryAccess('GetMergeOptions', repositoryName, call)],
  run: async (input, call) => {
    const { world } = call;
    const repository = findRepository(world, input.repositoryName, call);
    const { source, destination } = await commitsOf(world, repository, input);
    const merge = await tipsOf(world, repository, source, destination);
    const choices = { detail: input.conflictDetailLevel, strategy: input.conflictResolutionStrategy };
    const possible = async (option: MergeOption) =>
      (await conflictsOf(world, repository, merge, option, choices))?.length === 0;
    const forward = await possible('FAST_FORWARD_MERGE');
    const others = await possible('THREE_WAY_MERGE');
    return {
      mergeOptions: [
        ...(forward ? ['FAST_FORWARD_MERGE'] : []),
        ...(others ? ['SQUASH_MERGE', 'THREE_WAY_MERGE'] : []),
      ],
      sourceCommitId: source,
      destinationCommitId: destination,
      baseCommitId: merge.base,
    };
  },
});

/** The commit that merged the source into the destination, if there is one. */
export const getMergeCommit = operation({
  simplified:
    'The commit is looked for among those that a branch or tag reaches, by its two parents: a squash has but one.',
  input: tips,
  access: ({ repositoryName }, call) => [repositoryAccess('GetMergeCommit', repositoryName, call)],
  run: async (input, call) => {
    const repository = findRepository(call.world, input.repositoryName, call);
    const commits = await commitsOf(call.world, repository, input);
    return {
      sourceCommitId: commits.source,
      destinationCommitId: commits.destination,
      baseCommitId: await baseOf(call.world, repository, commits),
      mergedCommitId: await mergedAs(call.world, repository, commits),
    };
  },
});

type Commits = Omit<Tips, 'base'>;

/** Commits without a common ancestor are no error here. */
async function baseOf(
  world: World,
  repository: Repository,
  { source, destination }: Commits,
): Promise<string | undefined> {
  try {
    return (await tipsOf(world, repository, source, destination)).base;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'TipsDivergenceExceededException') return undefined;
    throw error;
  }
}

async function mergedAs(
  world: World,
  { directory }: Repository,
  { source, destination }: Commits,
): Promise<string | undefined> {
  const younger = [`^${destination}`, `^${source}`];
  const rows = await gitText(world, directory, [
    'rev-list',
    '--merges',
    '--parents',
    '--branches',
    '--tags',
    ...younger,
  ]);
  return rows
    .split('\n')
    .find((row) => row.slice(41) === `${destination} ${source}`)
    ?.slice(0, 40);
}
