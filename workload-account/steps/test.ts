import { CodeBuildAction, CodeBuildActionType } from 'aws-cdk-lib/aws-codepipeline-actions';
import { type BuildProjectOptions, buildProject, passedVariables } from './build-project.ts';
import type { Step } from './step.ts';

/** How a test runs. */
export interface TestOptions extends BuildProjectOptions {
  /** The stage's name. @default 'Test' */
  readonly stage?: string;
  /** The artifact it tests, by the stage that makes it, such as 'Build'. @default - the source */
  readonly input?: string;
}

/** Test: runs commands, or a buildspec, over the source or another artifact; it makes no artifact, and its failure stops the execution. */
export function test({ stage = 'Test', input, ...options }: TestOptions): Step {
  return {
    stage,
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const project = buildProject(context, stage, options);
      const action = new CodeBuildAction({
        actionName: stage,
        project,
        type: CodeBuildActionType.TEST,
        input: context.source,
        variablesNamespace: stage,
        ...passedVariables(options),
      });
      return { actions: [action] };
    },
  };
}
