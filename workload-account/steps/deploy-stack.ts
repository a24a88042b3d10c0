import { CfnCapabilities } from 'aws-cdk-lib';
import {
  CloudFormationCreateReplaceChangeSetAction,
  CloudFormationCreateUpdateStackAction,
  CloudFormationExecuteChangeSetAction,
  ManualApprovalAction,
} from 'aws-cdk-lib/aws-codepipeline-actions';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { deployedStackName, type NamedEnvironment } from '../../shared/names.ts';
import { makeDeploymentRole } from '../stack-deployment.ts';
import { actionRole } from './action-role.ts';
import { deployStackAt } from './deploy-stack-at.ts';
import type { Step, StepContext } from './step.ts';

/** How a stack is deployed. */
export interface DeployStackOptions {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** Path in the build's artifact. @default 'template.yaml' */
  readonly template?: string;
  /** Template parameters beyond Stage, CodeBucket and CodeKey, which every template gets. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What CloudFormation may do here beyond functions, roles and log groups of the repository's own name. */
  readonly permissions?: readonly PolicyStatement[];
  /** True: a change set is made first and carried out then, so that it can be looked at. @default false */
  readonly changeSet?: boolean;
  /** The question to a person who looks at the change set before it is carried out. @default - nobody is asked */
  readonly look?: string;
  /** Another account to deploy to, where a TargetStack admits this pipeline: the stack is `<repository>-<its name>`. @default - the environment's own */
  readonly at?: NamedEnvironment;
  /** Who deploys to another account: CodePipeline's CloudFormation action, or a CodeBuild project that runs the deployment itself. @default 'CloudFormation' */
  readonly by?: 'CloudFormation' | 'CodeBuild';
  /** The artifact that holds the template, by the stage that makes it. @default - the last build's */
  readonly input?: string;
  /** ARN of the permissions boundary that every role of the template must have. @default - `mergecast-<environment>-boundary`, see Boundary */
  readonly boundary?: string;
}

/**
 * Deploy: CloudFormation creates or updates the stack `<repository>-<environment>`. The template gets the parameters Stage, CodeBucket
 * and CodeKey: the environment's name and where the build's artifact lies. Its roles must name the environment's permissions boundary.
 */
export function deployStack(options: DeployStackOptions = {}): Step {
  const { stage = 'Deploy', input, at, by = 'CloudFormation', template = 'template.yaml', parameters = {} } = options;
  return {
    stage,
    mistakes: mistakesIn(options),
    ...(input === undefined ? {} : { input }),
    ...(at === undefined ? {} : { deploysTo: at }),
    make: (context) => {
      if (at !== undefined) return { actions: [deployStackAt(context, stage, { at, by, template, parameters })] };
      const stackName = deployedStackName(context.service, context.environment.name);
      const role = makeActionRole(context);
      const target = { stackName, role };
      const deployment = deploymentOf(context, options);
      if (options.changeSet !== true && options.look === undefined)
        return {
          actions: [new CloudFormationCreateUpdateStackAction({ actionName: stage, ...target, ...deployment })],
        };
      const changeSetName = `${context.pipelineName}-changes`;
      const prepare = { actionName: `${stage}-Prepare`, runOrder: 1, changeSetName, ...target, ...deployment };
      const execute = { actionName: stage, runOrder: 3, changeSetName, ...target };
      return {
        actions: [
          new CloudFormationCreateReplaceChangeSetAction(prepare),
          ...(options.look === undefined ? [] : [makeLook(options.look, `${stage}-Look`)]),
          new CloudFormationExecuteChangeSetAction(execute),
        ],
      };
    },
  };
}

/** What another account allows is said in its own TargetStack. */
function mistakesIn({ at, by, changeSet, look, permissions, boundary }: DeployStackOptions): readonly string[] {
  if (at === undefined)
    return by === undefined ? [] : [`deployStack(): by: '${by}' is for another account: say which with at`];
  const elsewhere = Object.entries({ changeSet, look, permissions, boundary }).filter(
    ([, value]) => value !== undefined,
  );
  return [
    ...elsewhere.map(
      ([name]) => `deployStack(): ${name} is of no use with at: the stack of ${at.name} says what is allowed there`,
    ),
    ...(/^[a-z][a-z0-9-]{0,30}$/.test(at.name)
      ? []
      : [`deployStack(): at.name is '${at.name}': give lower-case letters, digits and hyphens, 31 at most`]),
    ...(/^\d{12}$/.test(at.account) ? [] : [`deployStack(): at.account is '${at.account}': give 12 digits`]),
  ];
}

/** Asks a person between the two halves of a change set. */
const makeLook = (question: string, actionName: string) =>
  new ManualApprovalAction({ actionName, runOrder: 2, additionalInformation: question });

/** What CloudFormation makes the stack from. */
function deploymentOf(context: StepContext, options: DeployStackOptions) {
  const { template = 'template.yaml', parameters = {} } = options;
  const { built, environment } = context;
  return {
    templatePath: built.atPath(template),
    adminPermissions: false,
    deploymentRole: deploymentRoleOf(context, options),
    cfnCapabilities: [CfnCapabilities.NAMED_IAM],
    parameterOverrides: {
      Stage: environment.name,
      CodeBucket: built.bucketName,
      CodeKey: built.objectKey,
      ...parameters,
    },
  };
}

/** It may create and update the one stack, and hand CloudFormation the role below. CDK allows it so. */
function makeActionRole(context: StepContext): Role {
  const { account, region, name } = context.environment;
  const role = actionRole(context, 'has CloudFormation deploy');
  const stack = `arn:aws:cloudformation:${region}:${account}:stack/${deployedStackName(context.service, name)}/*`;
  const reads = ['cloudformation:DescribeStack*', 'cloudformation:GetTemplate*'];
  acknowledge(role, 'a stack has an id by chance after its name, and the reads end with it', openEnds(reads, [stack]));
  return role;
}

function deploymentRoleOf({ scope, artifacts, built, ...context }: StepContext, options: DeployStackOptions): Role {
  const role = makeDeploymentRole(scope, { ...context, ...options });
  artifacts.grantRead(role, [built]);
  return role;
}
