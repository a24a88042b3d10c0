import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { type ApprovalRule, contentSha256, evaluate, parseRule } from './approval-rules.ts';
import { changeRequest, openRequest, requestAccess } from './change-pull-request.ts';
import { findPullRequest, type PullRequest, shownRule } from './pull-request.ts';

const id = { pullRequestId: z.string() };
const rule = { ...id, approvalRuleName: z.string().min(1).max(100) };
const ofRevision = { ...id, revisionId: z.string() };

/** Adds a rule to an open pull request. */
export const createApprovalRule = operation({
  input: z.object({ ...rule, approvalRuleContent: z.string().min(1).max(3000) }),
  access: requestAccess('CreatePullRequestApprovalRule'),
  run: ({ pullRequestId, approvalRuleName: name, approvalRuleContent: content }, call) => {
    const request = openRequest(call, pullRequestId);
    parseRule(content);
    if (rulesOf(request).some((each) => each.name === name))
      throw new AwsError('ApprovalRuleNameAlreadyExistsException', `An approval rule named ${name} already exists`);
    if (rulesOf(request).length >= 30)
      throw new AwsError('NumberOfRulesExceededException', 'A pull request has at most 30 approval rules');
    const now = call.world.clock.now();
    const made = { name, content, id: call.world.chance.uuid(), createdAt: now, changedAt: now, userArn: who(call) };
    changeRequest(call, request, { rules: [...rulesOf(request), made] }, ruleNews('Created', made));
    return { approvalRule: shownRule(made) };
  },
});

/** Changes the content of a rule. */
export const updateApprovalRuleContent = operation({
  input: z.object({ ...rule, existingRuleContentSha256: z.string().optional(), newRuleContent: z.string() }),
  access: requestAccess('UpdatePullRequestApprovalRuleContent'),
  run: ({ pullRequestId, approvalRuleName, existingRuleContentSha256: seen, newRuleContent: content }, call) => {
    const request = openRequest(call, pullRequestId);
    parseRule(content);
    const known = rulesOf(request).find(({ name }) => name === approvalRuleName);
    if (known === undefined)
      throw new AwsError('ApprovalRuleDoesNotExistException', `Approval rule ${approvalRuleName} does not exist`);
    if (seen !== undefined && seen !== contentSha256(known))
      throw new AwsError(
        'InvalidRuleContentSha256Exception',
        `The content of ${approvalRuleName} is no longer ${seen.slice(0, 64)}`,
      );
    const changed = { ...known, content, changedAt: call.world.clock.now(), userArn: who(call) };
    const rules = rulesOf(request).map((each) => (each === known ? changed : each));
    changeRequest(call, request, { rules }, ruleNews('Updated', changed));
    return { approvalRule: shownRule(changed) };
  },
});

/** Takes a rule away; one that is not there is no error. */
export const deleteApprovalRule = operation({
  input: z.object(rule),
  access: requestAccess('DeletePullRequestApprovalRule'),
  run: ({ pullRequestId, approvalRuleName }, call) => {
    const request = openRequest(call, pullRequestId);
    const known = rulesOf(request).find(({ name }) => name === approvalRuleName);
    if (known === undefined) return { approvalRuleId: '' };
    const rules = rulesOf(request).filter((each) => each !== known);
    changeRequest(call, request, { rules }, ruleNews('Deleted', known));
    return { approvalRuleId: known.id };
  },
});

/** Approves a revision, or takes an approval back. Nobody approves a pull request of their own. */
export const updateApprovalState = operation({
  input: z.object({ ...ofRevision, approvalState: z.enum(['APPROVE', 'REVOKE']) }),
  access: requestAccess('UpdatePullRequestApprovalState'),
  run: ({ pullRequestId, revisionId, approvalState }, call) => {
    const request = openRequest(call, pullRequestId, revisionId);
    const userArn = who(call);
    if (userArn === request.authorArn)
      throw new AwsError(
        'PullRequestCannotBeApprovedByAuthorException',
        'The approval cannot be applied because the user approving the pull request matches the user who created the pull request. You cannot approve a pull request that you created.',
      );
    const others = (request.approvals ?? []).filter((each) => each.userArn !== userArn);
    const approvals = approvalState === 'APPROVE' ? [...others, { userArn, revisionId }] : others;
    const particulars = { approvalStatus: approvalState };
    changeRequest(call, request, { approvals }, { event: 'pullRequestApprovalStateChanged', particulars });
    return {};
  },
});

/** Sets the rules of a revision aside, or takes that back. */
export const overrideApprovalRules = operation({
  input: z.object({ ...ofRevision, overrideStatus: z.enum(['OVERRIDE', 'REVOKE']) }),
  access: requestAccess('OverridePullRequestApprovalRules'),
  run: ({ pullRequestId, revisionId, overrideStatus }, call) => {
    const { override, ...request } = openRequest(call, pullRequestId, revisionId);
    const set = override?.revisionId === revisionId;
    if (overrideStatus === 'OVERRIDE' && set)
      throw new AwsError('OverrideAlreadySetException', 'The approval rules are already overridden');
    const now = overrideStatus === 'OVERRIDE' ? { override: { overrider: who(call), revisionId } } : {};
    changeRequest(call, request, now, { event: 'pullRequestApprovalRuleOverridden', particulars: { overrideStatus } });
    return {};
  },
});

/** Who approved a revision. */
export const getApprovalStates = operation({
  input: z.object(ofRevision),
  access: requestAccess('GetPullRequestApprovalStates'),
  run: ({ pullRequestId, revisionId }, call) => ({
    approvals: (findPullRequest(call.world, pullRequestId, call).approvals ?? [])
      .filter((each) => each.revisionId === revisionId)
      .map(({ userArn }) => ({ userArn, approvalState: 'APPROVE' })),
  }),
});

/** Whether the rules of a revision are set aside, and by whom. */
export const getOverrideState = operation({
  input: z.object(ofRevision),
  access: requestAccess('GetPullRequestOverrideState'),
  run: ({ pullRequestId, revisionId }, call) => {
    const { override } = findPullRequest(call.world, pullRequestId, call);
    return override?.revisionId === revisionId
      ? { overridden: true, overrider: override.overrider }
      : { overridden: false };
  },
});

/** Whether a revision may be merged, as far as its rules go. */
export const evaluateApprovalRules = operation({
  input: z.object(ofRevision),
  access: requestAccess('EvaluatePullRequestApprovalRules'),
  run: ({ pullRequestId, revisionId }, call) => ({
    evaluation: evaluate({ ...findPullRequest(call.world, pullRequestId, call), revisionId }),
  }),
});

const ruleNews = (what: 'Created' | 'Updated' | 'Deleted', { id: approvalRuleId, name, content }: ApprovalRule) =>
  ({
    event: `pullRequestApprovalRule${what}`,
    particulars: { approvalRuleId, approvalRuleName: name, approvalRuleContent: content },
  }) as const;

const who = ({ caller }: Call): string => principalName(caller);

const rulesOf = ({ rules = [] }: PullRequest): readonly ApprovalRule[] => rules;
