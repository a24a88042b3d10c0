import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BuildSpec, type CfnProject, ComputeType, LinuxBuildImage, PipelineProject } from 'aws-cdk-lib/aws-codebuild';
import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { buildProjectName } from '../../shared/names.ts';
import type { Step, StepContext } from './step.ts';

/** How a build runs. */
export interface BuildOptions {
  /** The stage's name. @default 'Build' */
  readonly stage?: string;
  /** Path in the repository. @default 'buildspec.yml' */
  readonly buildspec?: string;
  /** Plain variables of the build's environment. STAGE holds the environment's name already. */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default 15 */
  readonly timeoutMinutes?: number;
}

/** Build: runs the repository's buildspec; its artifact is what later steps deploy. */
export function build({
  stage = 'Build',
  buildspec = 'buildspec.yml',
  environment = {},
  timeoutMinutes = 15,
}: BuildOptions): Step {
  return {
    stage,
    make: (context) => {
      const output = new Artifact(stage);
      const project = makeProject(context, buildProjectName(context.pipelineName, stage), {
        buildspec,
        environment,
        timeoutMinutes,
      });
      return {
        actions: [new CodeBuildAction({ actionName: stage, project, input: context.source, outputs: [output] })],
        built: output,
      };
    },
  };
}

function makeProject(
  { scope, environment: { name, account, region }, key }: StepContext,
  projectName: string,
  options: Required<Omit<BuildOptions, 'stage'>>,
): PipelineProject {
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/codebuild/${projectName}`,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const variables = Object.entries({ STAGE: name, ...options.environment }).map(([variable, value]) => [
    variable,
    { value },
  ]);
  const project = new PipelineProject(scope, 'Project', {
    projectName,
    buildSpec: BuildSpec.fromSourceFilename(options.buildspec),
    environment: { buildImage: LinuxBuildImage.AMAZON_LINUX_2023_5, computeType: ComputeType.SMALL },
    environmentVariables: Object.fromEntries(variables) as Record<string, { value: string }>,
    encryptionKey: key,
    grantReportGroupPermissions: false,
    logging: { cloudWatch: { logGroup } },
    timeout: Duration.minutes(options.timeoutMinutes),
  });
  const id = Stack.of(project).getLogicalId(project.node.defaultChild as CfnProject);
  const streams = `arn:aws:logs:${region}:${account}:log-group:/aws/codebuild/<${id}>:*`;
  acknowledge(project, 'streams of its own log group have names by chance', openEnds([], [streams]));
  return project;
}
