import { runJob } from '../jobs.ts';
import type { RuleProvider } from './rule.ts';

/** LambdaInvoke: what a function says, which reports as that of an Invoke/Lambda action does. */
export const lambdaInvoke: RuleProvider = {
  required: ['FunctionName'],
  optional: ['UserParameters'],
  ask: async ({ world, execution, rule, configuration, session, credentials }) => {
    const order = { execution, session, credentials, configuration, inputs: rule.inputs, outputs: [] };
    return (await runJob(world, order)).summary ?? `function ${configuration['FunctionName']} agrees`;
  },
};
