import type { Provider } from './action.ts';
import { cloudformation } from './cloudformation.ts';
import { codebuild } from './codebuild.ts';
import { codecommitSource } from './codecommit-source.ts';
import { manualApproval } from './manual-approval.ts';

/** Every action the local cloud runs, as `<category>/<provider>`. A pipeline with any other one is refused by name. */
export const providers: Readonly<Record<string, Provider>> = {
  'Approval/Manual': manualApproval,
  'Build/CodeBuild': codebuild,
  'Deploy/CloudFormation': cloudformation,
  'Source/CodeCommit': codecommitSource,
  'Test/CodeBuild': codebuild,
};
