import { Rule } from 'aws-cdk-lib/aws-codepipeline';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import type { StepContext } from './step.ts';
import type { Window } from './window.ts';

/** What a stage is asked before it begins or after it went well. */
export interface StageRule {
  readonly provider: 'DeploymentWindow' | 'CloudWatchAlarm' | 'LambdaInvoke' | 'VariableCheck';
  /** The times at which it holds, where they are known. */
  readonly window?: Window;
  /** Makes the rule under a name that is unique in the pipeline, and lets the pipeline's role ask it. */
  make(name: string, context: StepContext): Rule;
}

/**
 * Holds at the times of a cron expression of six or seven fields: seconds, minutes, hours, day of month, month, day of week, year, as
 * `'* * 9-17 ? * MON-FRI *'`. The time zone is a name such as `Europe/Berlin`.
 */
export const window = (cron: string, timeZone = 'UTC'): StageRule => ({
  provider: 'DeploymentWindow',
  window: { cron, timeZone },
  make: (name) => ruleOf(name, 'DeploymentWindow', { Cron: cron, TimeZone: timeZone }),
});

/** Holds when the alarm is not on; with `waitMinutes` it has to stay so for that long. */
export const alarmQuiet = (
  alarmName: string,
  { waitMinutes = 0 }: { readonly waitMinutes?: number } = {},
): StageRule => ({
  provider: 'CloudWatchAlarm',
  make: (name, { environment: { account, region }, pipelineRole }) => {
    const resources = [`arn:aws:cloudwatch:${region}:${account}:alarm:*`];
    pipelineRole.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources }));
    acknowledge(
      pipelineRole,
      'alarms are looked up in the list of all, which cannot be narrowed',
      openEnds([], resources),
    );
    const configuration = { AlarmName: alarmName, AlarmStates: 'ALARM', WaitTime: String(waitMinutes) };
    return ruleOf(name, 'CloudWatchAlarm', configuration);
  },
});

/** Holds when a Lambda function of the environment's account says so with PutJobSuccessResult. */
export const functionAgrees = (functionName: string, parameters?: Readonly<Record<string, unknown>>): StageRule => ({
  provider: 'LambdaInvoke',
  make: (name, { environment: { account, region }, pipelineRole }) => {
    const resources = [`arn:aws:lambda:${region}:${account}:function:${functionName}`];
    pipelineRole.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
    const configuration: Record<string, string> = { FunctionName: functionName };
    if (parameters !== undefined) configuration['UserParameters'] = JSON.stringify(parameters);
    return ruleOf(name, 'LambdaInvoke', configuration);
  },
});

/** Holds when a variable, such as `#{Build.RELEASE}`, compares so: equal, not equal, containing, or matching a regular expression. */
export const variable = (text: string, operator: 'EQ' | 'NE' | 'CONTAINS' | 'MATCHES', value: string): StageRule => ({
  provider: 'VariableCheck',
  make: (name) => ruleOf(name, 'VariableCheck', { Variable: text, Operator: operator, Value: value }),
});

const ruleOf = (name: string, provider: string, configuration: Readonly<Record<string, string>>): Rule =>
  new Rule({ name, provider, version: '1', configuration });
