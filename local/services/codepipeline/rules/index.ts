import { cloudWatchAlarm } from './cloudwatch-alarm.ts';
import { codebuild } from './codebuild.ts';
import { commands } from './commands.ts';
import { deploymentWindow } from './deployment-window.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import type { RuleProvider } from './rule.ts';
import { variableCheck } from './variable-check.ts';

/** Every rule the local cloud asks. A pipeline with any other one is refused by name. */
export const rules: Readonly<Record<string, RuleProvider>> = {
  CloudWatchAlarm: cloudWatchAlarm,
  CodeBuild: codebuild,
  Commands: commands,
  DeploymentWindow: deploymentWindow,
  LambdaInvoke: lambdaInvoke,
  VariableCheck: variableCheck,
};
