import { placeArtifact } from '../artifacts.ts';
import { runProject, runProjectBatch } from '../project-build.ts';
import { ActionFailure, type Provider } from './action.ts';

/**
 * Build and Test/CodeBuild: starts the project, or its batch, on the input artifacts and waits for its end. Source: "AWS CodeBuild build and test action
 * reference" of the CodePipeline guide.
 */
export const codebuild: Provider = {
  required: ['ProjectName'],
  optional: ['PrimarySource', 'EnvironmentVariables', 'BatchEnabled', 'CombineArtifacts'],
  run: async ({ world, execution, action, session, configuration, note }) => {
    const wanted = {
      world,
      execution,
      session,
      configuration,
      inputs: action.inputs,
      outputs: action.outputs.map((name) => ({ name, ...placeArtifact(world, execution.id, name) })),
      begun: (buildId: string) => note({ externalId: buildId }),
    };
    if (configuration['BatchEnabled'] === 'true') return { externalId: (await runProjectBatch(wanted)).id };
    if (configuration['CombineArtifacts'] === 'true')
      throw new ActionFailure('ConfigurationError', 'CombineArtifacts takes BatchEnabled: true');
    const { id: externalId, variables } = await runProject(wanted);
    return { externalId, variables };
  },
};
