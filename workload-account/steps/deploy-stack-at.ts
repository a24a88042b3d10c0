import { CfnCapabilities } from 'aws-cdk-lib';
import type { IAction } from 'aws-cdk-lib/aws-codepipeline';
import { CloudFormationCreateUpdateStackAction, CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import {
  deployedStackName,
  deployerRole,
  deployingRole,
  deploymentRole,
  type NamedEnvironment,
} from '../../shared/names.ts';
import { buildProject } from './build-project.ts';
import type { StepContext } from './step.ts';

/** What is deployed to another account, and by whom. */
export interface DeploymentAt {
  readonly at: NamedEnvironment;
  readonly by: 'CloudFormation' | 'CodeBuild';
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The action that deploys a stack to another account, as the role that the account's TargetStack holds for this pipeline: CodePipeline's
 * own CloudFormation action, or a CodeBuild project that takes on the role and asks CloudFormation itself.
 */
export function deployStackAt(context: StepContext, stage: string, deployment: DeploymentAt): IAction {
  return deployment.by === 'CodeBuild'
    ? byCodeBuild(context, stage, deployment)
    : byCloudFormation(context, stage, deployment);
}

function byCloudFormation({ scope, built, service }: StepContext, stage: string, deployment: DeploymentAt): IAction {
  const { at, template, parameters } = deployment;
  const own = (id: string, arn: string) => Role.fromRoleArn(scope, id, arn, { mutable: false });
  return new CloudFormationCreateUpdateStackAction({
    actionName: stage,
    stackName: deployedStackName(service, at.name),
    role: own('Deployer', deployerRole(at, service).arn),
    deploymentRole: own('Deployment', deploymentRole(at, service).arn),
    templatePath: built.atPath(template),
    adminPermissions: false,
    cfnCapabilities: [CfnCapabilities.NAMED_IAM],
    parameterOverrides: { Stage: at.name, CodeBucket: built.bucketName, CodeKey: built.objectKey, ...parameters },
  });
}

function byCodeBuild(context: StepContext, stage: string, deployment: DeploymentAt): IAction {
  const { environment, pipelineName, service } = context;
  const takeOn = new PolicyStatement({
    sid: 'TakeOnDeployer',
    actions: ['sts:AssumeRole'],
    resources: [deployerRole(deployment.at, service).arn],
  });
  const project = buildProject(
    context,
    stage,
    { commands: commandsOf(service, deployment), permissions: [takeOn] },
    deployingRole(environment, pipelineName, stage),
  );
  return new CodeBuildAction({ actionName: stage, project, input: context.built });
}

/** With the AWS CLI of the image. What a person would type, and no merge can change. */
function commandsOf(service: string, { at, template, parameters }: DeploymentAt): readonly string[] {
  const stack = deployedStackName(service, at.name);
  const given = { Stage: at.name, CodeBucket: '@BUCKET@', CodeKey: '@KEY@', ...parameters };
  const list = Object.entries(given).map(([name, value]) => ({ ParameterKey: name, ParameterValue: value }));
  const settings = [
    `--stack-name ${stack}`,
    `--template-body ${quoted(`file://${template}`)}`,
    `--role-arn ${deploymentRole(at, service).arn}`,
    '--capabilities CAPABILITY_NAMED_IAM',
  ].join(' ');
  const role = `--role-arn ${deployerRole(at, service).arn} --role-session-name "\${CODEBUILD_BUILD_ID##*:}"`;
  return [
    'set -e',
    'CODE="${CODEBUILD_SOURCE_VERSION#arn:aws:s3:::}"',
    `KEYS=$(aws sts assume-role ${role} --query "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]" --output text)`,
    'export AWS_ACCESS_KEY_ID=$(echo "$KEYS" | cut -f1) AWS_SECRET_ACCESS_KEY=$(echo "$KEYS" | cut -f2) AWS_SESSION_TOKEN=$(echo "$KEYS" | cut -f3)',
    `PARAMETERS=$(echo ${quoted(JSON.stringify(list))} | sed "s|@BUCKET@|\${CODE%%/*}|; s|@KEY@|\${CODE#*/}|")`,
    `VERB=update; aws cloudformation describe-stacks --stack-name ${stack} >/dev/null 2>&1 || VERB=create`,
    `SAID=$(aws cloudformation $VERB-stack ${settings} --parameters "$PARAMETERS" 2>&1) || { echo "$SAID"; echo "$SAID" | grep -q "No updates are to be performed"; }`,
    `state() { aws cloudformation describe-stacks --stack-name ${stack} --query "Stacks[0].StackStatus" --output text; }`,
    'STATE=$(state); while [ "${STATE%_IN_PROGRESS}" != "$STATE" ]; do sleep 2; STATE=$(state); done',
    `echo "stack ${stack} of account ${at.account}: $STATE"`,
    '[ "$STATE" = CREATE_COMPLETE ] || [ "$STATE" = UPDATE_COMPLETE ]',
  ];
}

/** As one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
