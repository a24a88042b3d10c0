import { Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { PipelineInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { pipelineArn } from '../../shared/names.ts';
import { actionRole } from './action-role.ts';
import type { Step } from './step.ts';

/** How another pipeline is started. */
export interface StartPipelineOptions {
  /** The stage's name. @default 'StartPipeline' */
  readonly stage?: string;
  /** Variables of the other pipeline, which may hold `#{…}` of this one. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** StartPipeline: starts another pipeline of the environment's account and goes on; it does not wait for its end. */
export function startPipeline(
  name: string,
  { stage = 'StartPipeline', variables = {} }: StartPipelineOptions = {},
): Step {
  return {
    stage,
    starts: name,
    make: (context) => {
      const arn = pipelineArn(context.environment, name);
      const action = new PipelineInvokeAction({
        actionName: stage,
        targetPipeline: Pipeline.fromPipelineArn(context.scope, 'Target', arn),
        role: actionRole(context, `starts ${name}`),
        variables: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
      });
      return { actions: [action] };
    },
  };
}
