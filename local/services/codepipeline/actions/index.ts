import type { Provider } from './action.ts';
import { cloudformation } from './cloudformation.ts';
import { codebuild } from './codebuild.ts';
import { codecommitSource } from './codecommit-source.ts';
import { codedeploy } from './codedeploy.ts';
import { commands } from './commands.ts';
import { lambda } from './lambda.ts';
import { manualApproval } from './manual-approval.ts';
import { s3Deploy } from './s3-deploy.ts';
import { s3Source } from './s3-source.ts';
import { startPipeline } from './start-pipeline.ts';

/** Every action the local cloud runs, as `<category>/<provider>`. A pipeline with any other one is refused by name. */
export const providers: Readonly<Record<string, Provider>> = {
  'Approval/Manual': manualApproval,
  'Build/CodeBuild': codebuild,
  'Compute/Commands': commands,
  'Deploy/CloudFormation': cloudformation,
  'Deploy/CodeDeploy': codedeploy,
  'Deploy/S3': s3Deploy,
  'Invoke/CodePipeline': startPipeline,
  'Invoke/Lambda': lambda,
  'Source/CodeCommit': codecommitSource,
  'Source/S3': s3Source,
  'Test/CodeBuild': codebuild,
};
