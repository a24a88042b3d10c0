import { placeArtifact } from '../artifacts.ts';
import { runProject } from '../project-build.ts';
import type { Provider } from './action.ts';

/** Build and Test/CodeBuild: starts the project on the input artifacts and waits for its end. */
export const codebuild: Provider = {
  required: ['ProjectName'],
  optional: ['PrimarySource', 'EnvironmentVariables'],
  unplayed: ['BatchEnabled', 'CombineArtifacts'],
  run: async ({ world, execution, action, session, configuration, note }) => {
    const { id: externalId, variables } = await runProject({
      world,
      execution,
      session,
      configuration,
      inputs: action.inputs,
      outputs: action.outputs.map((name) => ({ name, ...placeArtifact(world, execution.id, name) })),
      begun: (buildId) => note({ externalId: buildId }),
    });
    return { externalId, variables };
  },
};
