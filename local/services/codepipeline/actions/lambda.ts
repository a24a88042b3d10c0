import { placeArtifact } from '../artifacts.ts';
import { runJob } from '../jobs.ts';
import type { Provider } from './action.ts';

/** Invoke/Lambda: gives a function a job and waits until it reports. */
export const lambda: Provider = {
  required: ['FunctionName'],
  optional: ['UserParameters'],
  run: async ({ world, execution, stage, action, actionExecutionId, configuration, session, credentials }) => {
    const outputs = action.outputs.map((name) => ({ name, ...placeArtifact(world, execution.id, name) }));
    const context = { stage, action: action.name, actionExecutionId };
    return runJob(world, { execution, session, credentials, configuration, inputs: action.inputs, outputs, context });
  },
};
