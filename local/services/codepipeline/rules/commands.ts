import { runCommands } from '../commands-build.ts';
import type { RuleProvider } from './rule.ts';

/** Commands: lines of shell that must all succeed, as those of a Compute/Commands action. */
export const commands: RuleProvider = {
  required: [],
  optional: [],
  commands: true,
  ask: async ({ world, execution, rule, session, credentials }) => {
    const { name, commands = [], inputs } = rule;
    const { id } = await runCommands({ world, execution, session, credentials, name, commands, inputs });
    return `commands succeeded in build ${id}`;
  },
};
