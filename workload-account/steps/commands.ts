import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type ActionBindOptions,
  Artifact,
  type CfnPipeline,
  type IStage,
  type Pipeline,
} from 'aws-cdk-lib/aws-codepipeline';
import { CommandsAction, type CommandsActionProps } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  /** Variables of their environment: texts, also from steps before as `#{Build.VERSION}`, and secrets. The action takes no parameters of Parameter Store. */
  readonly environment?: Readonly<Record<string, string | { readonly secret: string }>>;
  /** What they may do in AWS, beside writing their log and reading their input. */
  readonly permissions?: readonly PolicyStatement[];
}

/** Commands: CodePipeline's own action for a few lines of shell, in CodeBuild's default image and without a project; billed as CodeBuild. */
export function commands(lines: readonly string[], options: CommandsOptions = {}): Step {
  const { stage = 'Commands', input, files, variables, environment = {}, permissions = [] } = options;
  return {
    stage,
    makesArtifact: files !== undefined,
    mistakes: mistakesIn(lines, options),
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const output = files === undefined ? undefined : new Artifact(stage, [...files]);
      const role = actionRole(context, `runs the commands of ${stage}`);
      for (const statement of [...permissions, ...secretsOf(environment, context)]) role.addToPolicy(statement);
      keepLog(context);
      const action = new OwnersCommands(environment, {
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
function mistakesIn(
  lines: readonly string[],
  { files, variables, environment = {} }: CommandsOptions,
): readonly string[] {
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
    ...(Object.keys(environment).length > 10
      ? [
          `commands() has ${Object.keys(environment).length} variables in its environment: CodePipeline takes 10 at most`,
        ]
      : []),
    ...Object.keys(environment)
      .filter((name) => !/^[A-Za-z0-9_]{1,128}$/.test(name))
      .map((name) => `commands(): '${name}' is no name of a variable: give letters, digits and _, 128 at most`),
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

/** Reading the secrets that variables name; the suffix that AWS puts behind a secret's name is six characters. */
function secretsOf(
  environment: NonNullable<CommandsOptions['environment']>,
  { environment: { account, region } }: StepContext,
): readonly PolicyStatement[] {
  const names = Object.values(environment).flatMap((value) => (typeof value === 'string' ? [] : value.secret));
  const resources = names.map((name) =>
    name.startsWith('arn:')
      ? name.split(':').slice(0, 7).join(':')
      : `arn:aws:secretsmanager:${region}:${account}:secret:${name.split(':')[0]}-??????`,
  );
  return resources.length === 0
    ? []
    : [new PolicyStatement({ sid: 'Secrets', actions: ['secretsmanager:GetSecretValue'], resources })];
}

/** What CDK's action cannot be told: its variables, and that it writes no log but the pipeline's. */
class OwnersCommands extends CommandsAction {
  readonly #environment: NonNullable<CommandsOptions['environment']>;

  constructor(environment: NonNullable<CommandsOptions['environment']>, props: CommandsActionProps) {
    super(props);
    this.#environment = environment;
  }

  protected override bound(scope: Construct, stage: IStage, options: ActionBindOptions) {
    const stack = Stack.of(scope);
    const { account, region } = stack;
    const pipeline = stage.pipeline.node.defaultChild as CfnPipeline;
    const streams = `arn:aws:logs:${region}:${account}:log-group:/aws/codepipeline/<${stack.getLogicalId(pipeline)}>:*`;
    acknowledge(options.role, 'streams of the one log group have names by chance', openEnds([], [streams]));
    const variables = Object.entries(this.#environment).map(([Name, value]) =>
      typeof value === 'string' ? { Name, Value: value } : { Name, Value: value.secret, Type: 'SECRETS_MANAGER' },
    );
    if (variables.length > 0) {
      // An action joins its stage after this call, and a new stage its pipeline.
      const { stages } = stage.pipeline as Pipeline;
      const place = stages.includes(stage) ? stages.indexOf(stage) : stages.length;
      pipeline.addPropertyOverride(`Stages.${place}.Actions.${stage.actions.length}.EnvironmentVariables`, variables);
    }
    return super.bound(scope, stage, options);
  }
}
