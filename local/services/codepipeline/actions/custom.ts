import { placeArtifact } from '../artifacts.ts';
import { offerJob } from '../custom-jobs.ts';
import type { CustomType } from '../custom-types.ts';
import type { Provider } from './action.ts';

/** An action of a custom type: it waits until a worker that polls for it has reported. */
export const custom = ({ key, settings }: CustomType): Provider => ({
  required: settings.filter(({ required }) => required).map(({ name }) => name),
  optional: settings.filter(({ required }) => !required).map(({ name }) => name),
  run: async ({ world, execution, stage, action, actionExecutionId, configuration, session, credentials }) => {
    const outputs = action.outputs.map((name) => ({ name, ...placeArtifact(world, execution.id, name) }));
    const context = { stage, action: action.name, actionExecutionId };
    return offerJob(world, key, {
      execution,
      session,
      credentials,
      configuration,
      inputs: action.inputs,
      outputs,
      context,
    });
  },
});
