import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { StepContext } from './step.ts';

/** What one action acts as: a role of its own, which only the pipeline's role may assume. CDK gives it what the action needs. */
export const actionRole = ({ scope, pipelineName, pipelineRole }: StepContext, does: string): Role =>
  new Role(scope, 'ActionRole', {
    description: `Pipeline ${pipelineName} ${does} as this role`,
    assumedBy: new ArnPrincipal(pipelineRole.roleArn),
  });
