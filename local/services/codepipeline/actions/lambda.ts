import { placeArtifact } from '../artifacts.ts';
import { runJob } from '../jobs.ts';
import type { Provider } from './action.ts';

/** Invoke/Lambda: gives a function a job and waits until it reports. */
export const lambda: Provider = {
  required: ['FunctionName'],
  optional: ['UserParameters'],
  run: async ({ world, execution, action, configuration, session, credentials }) => {
    const outputs = action.outputs.map((name) => ({ name, ...placeArtifact(world, execution.id, name) }));
    return runJob(world, { execution, session, credentials, configuration, inputs: action.inputs, outputs });
  },
};
