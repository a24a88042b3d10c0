import { runProject } from '../project-build.ts';
import type { RuleProvider } from './rule.ts';

/** CodeBuild: whether a project's build succeeds, on the input artifacts if there are any. */
export const codebuild: RuleProvider = {
  required: ['ProjectName'],
  optional: ['PrimarySource', 'EnvironmentVariables'],
  ask: async ({ world, execution, rule, session, configuration }) => {
    const { id } = await runProject({ world, execution, session, configuration, inputs: rule.inputs, outputs: [] });
    return `build ${id} succeeded`;
  },
};
