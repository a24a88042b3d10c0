import { ManualApprovalAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { Step } from './step.ts';

/** How an approval asks. */
export interface ApproveOptions {
  /** The stage's name. @default 'Approve' */
  readonly stage?: string;
}

/** Approve: the execution waits until somebody says yes or no, for at most seven days. */
export function approve(question: string, { stage = 'Approve' }: ApproveOptions): Step {
  return {
    stage,
    make: () => ({ actions: [new ManualApprovalAction({ actionName: stage, additionalInformation: question })] }),
  };
}
