import type { World } from '../../world/world.ts';
import { acting } from './acting.ts';
import { change } from './change.ts';
import { sessionFor } from './session.ts';
import { type Action, type Execution, executions } from './tables.ts';

const keyOf = (executionId: string): string => `codepipeline/heads/${executionId}`;

/**
 * An execution that has to wait in front of its sources builds what its branches were when it was triggered, so their heads are read now, as
 * the source actions would; in PARALLEL mode nothing waits. A head that cannot be read is left to the action, which will fail by it. Source: facts 3.3.
 */
export function readHeads(world: World, executionId: string): void {
  const execution = world.store.in(executions).get(executionId) as Execution;
  const [first] = execution.pipeline.stages;
  if (first === undefined || execution.status !== 'InProgress' || execution.stages[first.name] !== undefined) return;
  const unpinned = first.actions.filter(
    ({ name, category, provider }) =>
      category === 'Source' && provider === 'CodeCommit' && execution.pinned[name] === undefined,
  );
  const read = Promise.allSettled(unpinned.map((action) => readHead(world, execution, action)));
  const reading = world.live.get(keyOf(executionId), () => ({ read, close: () => undefined }));
  world.background(executionId, execution.cause, async () => {
    await reading.read;
    await world.live.close(keyOf(executionId));
  });
}

async function readHead(world: World, execution: Execution, action: Action): Promise<void> {
  const { principal: session } = await sessionFor(world, execution, action.roleArn);
  const { RepositoryName: repositoryName, BranchName: branchName } = action.configuration;
  const { branch } = await acting({ world, execution, session }, 'codecommit')<{ branch: { commitId: string } }>(
    'GetBranch',
    { repositoryName, branchName },
  );
  const heads = world.store.in(executions).get(execution.id)?.heads;
  change(world, execution.id, { heads: { ...heads, [action.name]: branch.commitId } });
}

/** The head of a source action's branch as it was when its execution was triggered, if that had to wait. */
export async function headAtTrigger(world: World, executionId: string, action: string): Promise<string | undefined> {
  await world.live.find<{ read: Promise<unknown>; close(): void }>(keyOf(executionId))?.read;
  return world.store.in(executions).get(executionId)?.heads?.[action];
}
