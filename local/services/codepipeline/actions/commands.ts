import { placeArtifact } from '../artifacts.ts';
import { runCommands } from '../commands-build.ts';
import { resolveVariables } from '../variables.ts';
import type { Provider } from './action.ts';

/** Compute/Commands: runs lines of shell on the input artifacts; variables of the pipeline are put into its environment variables. */
export const commands: Provider = {
  simplified: 'The machine is yours, and its build is told by the API and events of CodeBuild.',
  required: [],
  optional: [],
  commands: true,
  run: async ({ world, execution, action, session, credentials, note }) => {
    const [name] = action.outputs;
    const { id: externalId, variables } = await runCommands({
      world,
      execution,
      session,
      credentials,
      name: action.name,
      commands: action.commands ?? [],
      inputs: action.inputs,
      environment: resolveVariables(action.environment ?? {}, execution, `Action name=${action.name}`),
      secretVariables: action.secretVariables ?? [],
      outputVariables: action.outputVariables ?? [],
      ...(name === undefined ? {} : { output: { name, ...placeArtifact(world, execution.id, name) } }),
      ...(action.files === undefined ? {} : { files: action.files }),
      begun: (buildId) => note({ externalId: buildId }),
    });
    return { externalId, variables };
  },
};
