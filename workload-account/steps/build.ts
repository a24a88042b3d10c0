import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { type BuildProjectOptions, buildProject, passedVariables } from './build-project.ts';
import type { Step } from './step.ts';

/** How a build runs. `commands` make no artifact, so what is deployed later needs a buildspec. */
export interface BuildOptions extends BuildProjectOptions {
  /** The stage's name. @default 'Build' */
  readonly stage?: string;
  /** The artifact it builds from, by the stage that makes it. @default - the source */
  readonly input?: string;
}

/** Build: runs the repository's buildspec; its artifact is what later steps deploy. Its exported variables are `#{Build.NAME}`. */
export function build({ stage = 'Build', input, ...options }: BuildOptions = {}): Step {
  return {
    stage,
    makesArtifact: true,
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const output = new Artifact(stage);
      const project = buildProject(context, stage, options);
      const action = new CodeBuildAction({
        actionName: stage,
        project,
        input: context.source,
        outputs: [output],
        variablesNamespace: stage,
        ...passedVariables(options),
      });
      return { actions: [action], built: output };
    },
  };
}
