import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type BuildEnvironmentVariable,
  BuildEnvironmentVariableType,
  BuildSpec,
  type CfnProject,
  ComputeType,
  type IBuildImage,
  LinuxBuildImage,
  PipelineProject,
} from 'aws-cdk-lib/aws-codebuild';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { buildProjectName, type RoleAddress } from '../../shared/names.ts';
import { type BuildOutputs, cacheOf, makesReports, outputSections } from './build-outputs.ts';
import type { StepContext } from './step.ts';

/** A variable of a build: its text, or where its value is kept. */
export type BuildVariable =
  | string
  /** The name of a parameter of Parameter Store in the environment's account. */
  | { readonly parameter: string }
  /** The ARN of a secret of Secrets Manager, or `<name>:<JSON key>`. */
  | { readonly secret: string };

/** What all steps that run commands in CodeBuild take. */
export interface BuildProjectOptions extends BuildOutputs {
  /** Path of a buildspec in the repository. @default 'buildspec.yml', unless there are `commands` */
  readonly buildspec?: string;
  /** Shell commands in place of a buildspec; what they write is no artifact. */
  readonly commands?: readonly string[];
  /** Variables of the environment, also from steps before, as `#{Build.VERSION}`. STAGE holds the environment's name already. */
  readonly environment?: Readonly<Record<string, BuildVariable>>;
  /** @default - Amazon Linux 2023 */
  readonly image?: IBuildImage;
  /** @default SMALL */
  readonly compute?: ComputeType;
  /** @default 15 */
  readonly timeoutMinutes?: number;
  /** What the commands may do in AWS, beside writing their log and reading their source. */
  readonly permissions?: readonly PolicyStatement[];
}

/** A CodeBuild project of a step, with a log group that keeps its log for a year. Its role has a name by chance, or a given one. */
export function buildProject(
  context: StepContext,
  stage: string,
  options: BuildProjectOptions,
  role?: RoleAddress,
): PipelineProject {
  const { scope, environment, key } = context;
  const projectName = buildProjectName(context.pipelineName, stage);
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/codebuild/${projectName}`,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const project = new PipelineProject(scope, 'Project', {
    projectName,
    role: makeRole(context, projectName, role),
    buildSpec: specOf(options, `pipeline ${context.pipelineName}, step '${stage}'`),
    environment: {
      buildImage: options.image ?? LinuxBuildImage.AMAZON_LINUX_2023_5,
      computeType: options.compute ?? ComputeType.SMALL,
    },
    environmentVariables: variablesOf({ STAGE: environment.name, ...options.environment }, (text) => !refers(text)),
    encryptionKey: key,
    ...(options.cache === undefined ? {} : { cache: cacheOf(options) }),
    grantReportGroupPermissions: makesReports(options),
    logging: { cloudWatch: { logGroup } },
    timeout: Duration.minutes(options.timeoutMinutes ?? 15),
  });
  for (const statement of options.permissions ?? []) project.addToRolePolicy(statement);
  const { account, region } = environment;
  const id = Stack.of(project).getLogicalId(project.node.defaultChild as CfnProject);
  const streams = `arn:aws:logs:${region}:${account}:log-group:/aws/codebuild/<${id}>:*`;
  const reports = `arn:aws:codebuild:${region}:${account}:report-group/<${id}>-*`;
  const open = makesReports(options) ? [streams, reports] : [streams];
  acknowledge(
    scope,
    'streams of its own log group, and its own report groups, have names by chance',
    openEnds([], open),
  );
  return project;
}

/** What the commands run as: CodeBuild takes it on for this project only. */
function makeRole(
  { scope, environment: { account, region }, pipelineName }: StepContext,
  project: string,
  address?: RoleAddress,
): Role {
  return new Role(scope, 'Role', {
    ...(address === undefined ? {} : { path: address.path, roleName: address.roleName }),
    description: `Commands of pipeline ${pipelineName} run in project ${project} as this role`,
    assumedBy: new ServicePrincipal('codebuild.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnEquals: { 'aws:SourceArn': `arn:aws:codebuild:${region}:${account}:project/${project}` },
      },
    }),
  });
}

function specOf(options: BuildProjectOptions, where: string): BuildSpec {
  const { buildspec, commands } = options;
  const outputs = outputSections(options, commands, where);
  if (commands === undefined) return BuildSpec.fromSourceFilename(buildspec ?? 'buildspec.yml');
  return BuildSpec.fromObject({ version: '0.2', phases: { build: { commands } }, ...outputs });
}

/**
 * The variables of a build that stand in its action: those that refer to other steps' variables, as `#{Build.VERSION}`. CodePipeline fills them in
 * actions, and knows nothing of projects.
 */
export function passedVariables({ environment = {} }: Pick<BuildProjectOptions, 'environment'>) {
  const environmentVariables = variablesOf(environment, refers);
  return Object.keys(environmentVariables).length === 0 ? {} : { environmentVariables };
}

const refers = (variable: BuildVariable): boolean => typeof variable === 'string' && variable.includes('#{');

const variablesOf = (
  variables: Readonly<Record<string, BuildVariable>>,
  chosen: (variable: BuildVariable) => boolean,
): Record<string, BuildEnvironmentVariable> =>
  Object.fromEntries(
    Object.entries(variables)
      .filter(([, variable]) => chosen(variable))
      .map(([name, variable]) => [name, variableOf(variable)]),
  );

function variableOf(variable: BuildVariable): BuildEnvironmentVariable {
  if (typeof variable === 'string') return { value: variable };
  return 'parameter' in variable
    ? { type: BuildEnvironmentVariableType.PARAMETER_STORE, value: variable.parameter }
    : { type: BuildEnvironmentVariableType.SECRETS_MANAGER, value: variable.secret };
}
