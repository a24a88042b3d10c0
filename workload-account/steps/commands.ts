import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type ActionBindOptions, Artifact, type CfnPipeline, type IStage } from 'aws-cdk-lib/aws-codepipeline';
import { CommandsAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { actionRole } from './action-role.ts';
import type { Step, StepContext } from './step.ts';

/** How commands run. */
export interface CommandsOptions {
  /** The stage's name. @default 'Commands' */
  readonly stage?: string;
  /** The artifact they run in, by the stage that makes it, such as 'Build'. @default - the source */
  readonly input?: string;
  /** Globs of what they write and later steps deploy. @default - they make no artifact */
  readonly files?: readonly string[];
  /** Names of variables that later steps read as `#{<stage>.NAME}`. @default - none */
  readonly variables?: readonly string[];
  /** What they may do in AWS, beside writing their log and reading their input. */
  readonly permissions?: readonly PolicyStatement[];
}

/** Commands: CodePipeline's own action for a few lines of shell, in CodeBuild's default image and without a project; billed as CodeBuild. */
export function commands(lines: readonly string[], options: CommandsOptions = {}): Step {
  const { stage = 'Commands', input, files, variables, permissions = [] } = options;
  return {
    stage,
    makesArtifact: files !== undefined,
    mistakes: mistakesIn(lines, options),
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const output = files === undefined ? undefined : new Artifact(stage, [...files]);
      const role = actionRole(context, `runs the commands of ${stage}`);
      for (const statement of permissions) role.addToPolicy(statement);
      keepLog(context);
      const action = new LoggedCommands({
        actionName: stage,
        commands: [...lines],
        input: context.source,
        role,
        ...(output === undefined ? {} : { output }),
        ...(variables === undefined ? {} : { outputVariables: [...variables], variablesNamespace: stage }),
      });
      return { actions: [action], ...(output === undefined ? {} : { built: output }) };
    },
  };
}

/** Limits of the action. Source: the Commands page of the CodePipeline guide, facts 3.7. */
function mistakesIn(lines: readonly string[], { files, variables }: CommandsOptions): readonly string[] {
  const bad = lines.find((line) => line.trim() === '' || line.includes('\n'));
  return [
    ...(lines.length < 1 || lines.length > 50
      ? [
          `commands() has ${lines.length} commands: CodePipeline takes 1 to 50; put them into a script of the repository`,
        ]
      : []),
    ...(bad === undefined ? [] : [`commands(): ${JSON.stringify(bad)} is not one line: give each command as one text`]),
    ...(files !== undefined && (files.length < 1 || files.length > 10)
      ? [`commands() has ${files.length} globs in files: CodePipeline takes 1 to 10`]
      : []),
    ...(variables !== undefined && (variables.length < 1 || variables.length > 15)
      ? [`commands() has ${variables.length} variables: CodePipeline takes 1 to 15`]
      : []),
  ];
}

/** All commands of a pipeline write one log, which is kept for a year. */
function keepLog({ scope, pipelineName }: StepContext): void {
  const logGroupName = `/aws/codepipeline/${pipelineName}`;
  const stack = Stack.of(scope);
  const id = `Log-${pipelineName}`;
  if (stack.node.tryFindChild(id) === undefined)
    new LogGroup(stack, id, {
      logGroupName,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
}

/** CDK lets it write any stream of the pipeline's log. */
class LoggedCommands extends CommandsAction {
  protected override bound(scope: Construct, stage: IStage, options: ActionBindOptions) {
    const stack = Stack.of(scope);
    const { account, region } = stack;
    const id = stack.getLogicalId(stage.pipeline.node.defaultChild as CfnPipeline);
    const streams = `arn:aws:logs:${region}:${account}:log-group:/aws/codepipeline/<${id}>:*`;
    acknowledge(options.role, 'streams of the one log group have names by chance', openEnds([], [streams]));
    return super.bound(scope, stage, options);
  }
}
