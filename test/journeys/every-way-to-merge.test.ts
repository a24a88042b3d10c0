import {
  CreatePullRequestCommand,
  MergeBranchesBySquashCommand,
  MergePullRequestByThreeWayCommand,
} from '@aws-sdk/client-codecommit';
import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('a pull request that is merged starts one execution, at the merge commit', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  await flow.git('checkout', '--quiet', '-b', 'feature/a');
  await flow.merge('feature/a', 'A.md');

  const client = flow.codecommit();
  const targets = [{ repositoryName: 'orders', sourceReference: 'feature/a', destinationReference: 'dev' }];
  const { pullRequest } = await client.send(new CreatePullRequestCommand({ title: 'A', targets }));
  const pullRequestId = pullRequest?.pullRequestId ?? '';
  const merged = await client.send(new MergePullRequestByThreeWayCommand({ pullRequestId, repositoryName: 'orders' }));
  const commitId = merged.pullRequest?.pullRequestTargets?.[0]?.mergeMetadata?.mergeCommitId ?? '';
  await flow.arrived('dev', commitId);

  expect((await flow.executions('dev')).filter((each) => each.commitId === commitId)).toHaveLength(1);
  expect(await flow.executions('dev')).toHaveLength(2);
});

test('branches merged by API start one execution', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  await flow.git('checkout', '--quiet', '-b', 'feature/b');
  await flow.merge('feature/b', 'B.md');

  const { commitId = '' } = await flow.codecommit().send(
    new MergeBranchesBySquashCommand({
      repositoryName: 'orders',
      sourceCommitSpecifier: 'feature/b',
      destinationCommitSpecifier: 'dev',
    }),
  );
  await flow.arrived('dev', commitId);

  expect(await flow.executions('dev')).toHaveLength(2);
});

test('a merge made locally and pushed starts one execution', async () => {
  const flow = await playing();
  await flow.arrived('dev', await flow.merge('dev'));
  await flow.git('checkout', '--quiet', '-b', 'feature/c');
  await flow.commit('feature/c', 'C.md');
  await flow.git('checkout', '--quiet', 'dev');
  await flow.git('merge', '--quiet', '--no-ff', '--message=Merge feature/c', 'feature/c');
  await flow.git('push', '--quiet', 'origin', 'dev');
  const commitId = await flow.git('rev-parse', 'HEAD');

  await flow.arrived('dev', commitId);

  expect(await flow.executions('dev')).toHaveLength(2);
});
