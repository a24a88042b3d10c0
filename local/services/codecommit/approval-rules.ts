import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { PullRequest } from './pull-request.ts';

/** A rule that a pull request has to satisfy before it is merged. */
export interface ApprovalRule {
  readonly id: string;
  readonly name: string;
  /** JSON, as it was given. */
  readonly content: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly userArn: string;
}

/** What a user said of one revision. */
export interface Approval {
  readonly userArn: string;
  readonly revisionId: string;
}

/** Who set the rules of one revision aside. */
export interface RuleOverride {
  readonly overrider: string;
  readonly revisionId: string;
}

const statement = z.strictObject({
  Type: z.literal('Approvers'),
  NumberOfApprovalsNeeded: z.int().min(1).max(100),
  ApprovalPoolMembers: z.array(z.string()).min(1).optional(),
});

const content = z.strictObject({
  Version: z.literal('2018-11-08'),
  DestinationReferences: z.array(z.string()).optional(),
  Statements: z.array(statement).length(1),
});

/** The content of a rule. Throws InvalidApprovalRuleContentException. */
export function parseRule(text: string): z.output<typeof statement> {
  const [first] = content.safeParse(json(text)).data?.Statements ?? [];
  if (first !== undefined) return first;
  throw new AwsError(
    'InvalidApprovalRuleContentException',
    `The content of the approval rule is not valid: ${text.slice(0, 100)}`,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By which a caller names the content that it has seen: 64 hexadecimal digits. */
export const contentSha256 = ({ content: text }: Pick<ApprovalRule, 'content'>): string =>
  createHash('sha256').update(text).digest('hex');

/** Whether the rules of the current revision are satisfied, and by which; the author's own approval does not count. */
export function evaluate(request: PullRequest) {
  const { rules = [], approvals = [], override, authorArn, revisionId } = request;
  const approvers = approvals
    .filter((each) => each.revisionId === revisionId && each.userArn !== authorArn)
    .map(({ userArn }) => userArn);
  const satisfied = rules.filter((rule) => holds(parseRule(rule.content), approvers)).map(({ name }) => name);
  const missing = rules.map(({ name }) => name).filter((name) => !satisfied.includes(name));
  const overridden = override?.revisionId === revisionId;
  return {
    approved: missing.length === 0,
    overridden,
    approvalRulesSatisfied: satisfied,
    approvalRulesNotSatisfied: missing,
  };
}

function holds(
  { NumberOfApprovalsNeeded: needed, ApprovalPoolMembers: pool }: z.output<typeof statement>,
  approvers: readonly string[],
): boolean {
  return approvers.filter((arn) => pool === undefined || pool.some((member) => isMember(member, arn))).length >= needed;
}

/** A member is an ARN, in which `*` stands for anything, or `CodeCommitApprovers:<account>:<user, or role/session>`. */
function isMember(member: string, arn: string): boolean {
  const [, account, rest] = /^CodeCommitApprovers:(\d{12}):(.+)$/.exec(member) ?? [];
  if (account === undefined || rest === undefined) return fits(member, arn);
  return fits(`arn:aws:iam::${account}:user/${rest}`, arn) || fits(`arn:aws:sts::${account}:assumed-role/${rest}`, arn);
}

/** Without RegExp, for a hostile pattern must not take long. */
function fits(pattern: string, text: string): boolean {
  const [head = '', ...others] = pattern.split('*');
  const tail = others.pop();
  if (tail === undefined) return head === text;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= tail.length && text.endsWith(tail);
}

/** Throws PullRequestApprovalRulesNotSatisfiedException when the rules forbid a merge. */
export function checkApproved(request: PullRequest): void {
  const { approved, overridden } = evaluate(request);
  if (!approved && !overridden)
    throw new AwsError(
      'PullRequestApprovalRulesNotSatisfiedException',
      'The pull request cannot be merged because one or more approval rules have not been satisfied',
    );
}
