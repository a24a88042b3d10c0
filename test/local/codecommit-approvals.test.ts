import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
let reviewer: api.CodeCommitClient;
let request: { pullRequestId: string; revisionId: string };
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
  const all = { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' };
  reviewer = new api.CodeCommitClient(cloud.user('reviewer', [all]).client);
  await cloud.twoBranches();
  const targets = [{ repositoryName, sourceReference: 'feature', destinationReference: 'main' }];
  const made = await aws.send(new api.CreatePullRequestCommand({ title: 'Add it', targets }));
  request = {
    pullRequestId: made.pullRequest?.pullRequestId ?? '',
    revisionId: made.pullRequest?.revisionId ?? '',
  };
});
afterEach(async () => {
  reviewer.destroy();
  await cloud.close();
});

const content = (pool?: readonly string[], needed = 1) =>
  JSON.stringify({
    Version: '2018-11-08',
    Statements: [{ Type: 'Approvers', NumberOfApprovalsNeeded: needed, ...(pool && { ApprovalPoolMembers: pool }) }],
  });
const addRule = (approvalRuleContent: string, approvalRuleName = 'two eyes') =>
  aws.send(new api.CreatePullRequestApprovalRuleCommand({ ...request, approvalRuleName, approvalRuleContent }));
const say = (client: api.CodeCommitClient, approvalState: api.ApprovalState) =>
  client.send(new api.UpdatePullRequestApprovalStateCommand({ ...request, approvalState }));
const evaluation = async () => (await aws.send(new api.EvaluatePullRequestApprovalRulesCommand(request))).evaluation;
const merge = () => aws.send(new api.MergePullRequestByFastForwardCommand({ ...request, repositoryName }));
const events = async () =>
  (await cloud.told('CodeCommit Pull Request State Change')).map(({ event }) => event).slice(1);

test('a merge that a rule forbids is refused until somebody else approves', async () => {
  await addRule(content());
  expect(await failure(merge())).toBe('PullRequestApprovalRulesNotSatisfiedException');
  expect(await failure(say(aws, 'APPROVE'))).toBe('PullRequestCannotBeApprovedByAuthorException');

  await say(reviewer, 'APPROVE');
  const { approvals } = await aws.send(new api.GetPullRequestApprovalStatesCommand(request));
  expect(approvals).toEqual([{ userArn: `arn:aws:iam::${owner}:user/reviewer`, approvalState: 'APPROVE' }]);
  expect(await evaluation()).toMatchObject({ approved: true, approvalRulesSatisfied: ['two eyes'] });
  expect((await merge()).pullRequest?.pullRequestStatus).toBe('CLOSED');
  expect(await events()).toEqual([
    'pullRequestApprovalRuleCreated',
    'pullRequestApprovalStateChanged',
    'pullRequestMergeStatusUpdated',
  ]);
});

test.each([
  [[`arn:aws:iam::${owner}:user/reviewer`], true],
  [[`CodeCommitApprovers:${owner}:reviewer`], true],
  [[`CodeCommitApprovers:${owner}:rev*`], true],
  [[`arn:aws:iam::${owner}:*/*wer`], true],
  [['arn:aws:iam::222222222222:user/reviewer'], false],
  [[`CodeCommitApprovers:${owner}:review`], false],
  [[`arn:aws:iam::${owner}:user/reviewer*reviewer`], false],
])('with the pool %j the approval of a user counts: %s', async (pool, approved) => {
  await addRule(content(pool));
  await say(reviewer, 'APPROVE');

  expect((await evaluation())?.approved).toBe(approved);
});

test('an approval is taken back, and a push to the source branch asks for a new one', async () => {
  await addRule(content());
  await say(reviewer, 'APPROVE');
  await say(reviewer, 'REVOKE');
  expect((await evaluation())?.approved).toBe(false);

  await say(reviewer, 'APPROVE');
  await cloud.put('feature', { 'more.txt': 'm' }, await cloud.head('feature'));
  expect(await failure(say(reviewer, 'APPROVE'))).toBe('RevisionNotCurrentException');
  expect(await failure(merge())).toBe('PullRequestApprovalRulesNotSatisfiedException');
});

test('rules are overridden for a revision, and that is taken back', async () => {
  await addRule(content());
  const override = (overrideStatus: api.OverrideStatus) =>
    aws.send(new api.OverridePullRequestApprovalRulesCommand({ ...request, overrideStatus }));
  const state = async () => (await aws.send(new api.GetPullRequestOverrideStateCommand(request))).overridden;
  await override('OVERRIDE');
  expect(await failure(override('OVERRIDE'))).toBe('OverrideAlreadySetException');
  expect(await state()).toBe(true);
  await override('REVOKE');
  expect(await state()).toBe(false);
  expect(await failure(merge())).toBe('PullRequestApprovalRulesNotSatisfiedException');

  await override('OVERRIDE');
  expect((await merge()).pullRequest?.pullRequestStatus).toBe('CLOSED');
});

test('a rule is changed and taken away', async () => {
  const named = { ...request, approvalRuleName: 'two eyes' };
  await addRule(content());
  expect(await failure(addRule(content()))).toBe('ApprovalRuleNameAlreadyExistsException');
  expect(await failure(addRule('{"Version": 1}', 'other'))).toBe('InvalidApprovalRuleContentException');
  await say(reviewer, 'APPROVE');
  const change = (existingRuleContentSha256: string | undefined) =>
    aws.send(
      new api.UpdatePullRequestApprovalRuleContentCommand({
        ...named,
        existingRuleContentSha256,
        newRuleContent: content(undefined, 2),
      }),
    );
  expect(await failure(change('0'.repeat(64)))).toBe('InvalidRuleContentSha256Exception');
  const shown = (await aws.send(new api.GetPullRequestCommand(request))).pullRequest?.approvalRules?.[0];
  await change(shown?.ruleContentSha256);
  expect(await evaluation()).toMatchObject({ approved: false, approvalRulesNotSatisfied: ['two eyes'] });

  await aws.send(new api.DeletePullRequestApprovalRuleCommand(named));
  expect((await merge()).pullRequest?.approvalRules).toEqual([]);
});

test('titles and descriptions are changed while a pull request is open', async () => {
  await aws.send(new api.UpdatePullRequestTitleCommand({ ...request, title: 'Better' }));
  const described = new api.UpdatePullRequestDescriptionCommand({ ...request, description: 'why' });
  expect((await aws.send(described)).pullRequest).toMatchObject({ title: 'Better', description: 'why' });
  await merge();

  expect(await failure(aws.send(described))).toBe('PullRequestAlreadyClosedException');
});

test('repositories are read together and described anew', async () => {
  await aws.send(new api.UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription: 'the shop' }));
  const read = await aws.send(new api.BatchGetRepositoriesCommand({ repositoryNames: [repositoryName, 'none'] }));

  expect(read.repositories?.[0]).toMatchObject({ repositoryName, repositoryDescription: 'the shop' });
  expect(read.repositoriesNotFound).toEqual(['none']);
});
