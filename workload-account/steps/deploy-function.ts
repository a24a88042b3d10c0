import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../shared/constructs/allow.ts';
import type { Environment } from '../../shared/organisation-schema.ts';
import { buildProject } from './build-project.ts';
import { alarmMistakes, codeDeployRole, type GoingBack, goingBack } from './deployment-role.ts';
import type { Step, StepContext } from './step.ts';

/** How the traffic of a function goes over to new code. */
export interface DeployFunctionOptions extends GoingBack {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** The artifact whose files are the new code, by the stage that makes it. @default - the last build's */
  readonly input?: string;
  /** The alias that callers use; it exists already. @default 'live' */
  readonly alias?: string;
  /** One of CodeDeploy's own ways, without its `CodeDeployDefault.Lambda`. @default 'AllAtOnce' */
  readonly shift?: Shift;
  /** A function that is asked before any traffic goes over, and can say no with PutLifecycleEventHookExecutionStatus. @default - none */
  readonly before?: string;
  /** A function that is asked when all traffic has gone over. @default - none */
  readonly after?: string;
}

/** CodeDeploy's own ways of shifting the traffic of an alias. */
export type Shift =
  | 'AllAtOnce'
  | `Canary10Percent${5 | 10 | 15 | 30}Minutes`
  | 'Linear10PercentEvery1Minute'
  | `Linear10PercentEvery${2 | 3 | 10}Minutes`;

/**
 * Deploy: publishes the artifact as a new version of a Lambda function, and CodeDeploy brings the traffic of its alias over, step by step,
 * and back when a hook, an alarm or the deployment fails. CodePipeline's CodeDeploy action takes servers only, so a CodeBuild project
 * asks for the deployment, in commands that no merge can change, and waits for its end.
 */
export function deployFunction(functionName: string, options: DeployFunctionOptions = {}): Step {
  const { stage = 'Deploy', input } = options;
  return {
    stage,
    mistakes: mistakesIn(functionName, options),
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const group = makeGroup(context, stage, functionName, options);
      const project = buildProject(context, stage, {
        commands: commandsOf(functionName, group, options),
        permissions: permissionsOf(context.environment, functionName, group, options.shift ?? 'AllAtOnce'),
        timeoutMinutes: 60,
      });
      return { actions: [new CodeBuildAction({ actionName: stage, project, input: context.built })] };
    },
  };
}

const name = /^(?!mergecast-)[A-Za-z0-9_-]{1,64}$/;

function mistakesIn(functionName: string, options: DeployFunctionOptions): readonly string[] {
  const { alias = 'live', before, after } = options;
  return [
    ...[functionName, ...(before === undefined ? [] : [before]), ...(after === undefined ? [] : [after])]
      .filter((each) => !name.test(each))
      .map((each) => `deployFunction(): '${each}' is no name of a function of yours: give it without ARN or version`),
    ...(/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/.test(alias)
      ? []
      : [`deployFunction(): '${alias}' is no name of an alias: such as 'live', and no number`]),
    ...alarmMistakes('deployFunction', options),
  ];
}

function makeGroup(
  { scope, pipelineName, environment }: StepContext,
  stage: string,
  functionName: string,
  options: DeployFunctionOptions,
): string {
  const group = `${pipelineName}-${stage}`;
  const { before, after, shift = 'AllAtOnce' } = options;
  const hooks = [before, after].flatMap((each) => (each === undefined ? [] : [functionArn(environment, each)]));
  const own = functionArn(environment, functionName);
  const role = codeDeployRole(scope, group, [
    new PolicyStatement({ sid: 'Shift', actions: ['lambda:GetAlias', 'lambda:UpdateAlias'], resources: [own] }),
    ...(hooks.length === 0
      ? []
      : [new PolicyStatement({ sid: 'Ask', actions: ['lambda:InvokeFunction'], resources: [...new Set(hooks)] })]),
  ]);
  allow(
    role,
    'LookAtVersions',
    ['lambda:GetFunctionConfiguration', 'lambda:GetProvisionedConcurrencyConfig'],
    [own, `${own}:*`],
    { openBecause: 'versions of the one function have numbers that are not known before' },
  );
  const application = new CfnApplication(scope, 'Application', { applicationName: group, computePlatform: 'Lambda' });
  new CfnDeploymentGroup(scope, 'Group', {
    applicationName: group,
    deploymentGroupName: group,
    deploymentConfigName: `CodeDeployDefault.Lambda${shift}`,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    serviceRoleArn: role.roleArn,
    ...goingBack(options),
  }).addResourceDependency(application);
  return group;
}

/** Publishing the same code again makes no version, and there is nothing to do then. */
function commandsOf(functionName: string, group: string, options: DeployFunctionOptions): readonly string[] {
  const { alias = 'live', before, after } = options;
  const hooks = [
    ...(before === undefined ? [] : [{ BeforeAllowTraffic: before }]),
    ...(after === undefined ? [] : [{ AfterAllowTraffic: after }]),
  ];
  const content = JSON.stringify({
    version: '0.0',
    Resources: [
      {
        target: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: functionName, Alias: alias, CurrentVersion: '@CURRENT@', TargetVersion: '@TARGET@' },
        },
      },
    ],
    Hooks: hooks,
  });
  const revision = JSON.stringify({ revisionType: 'AppSpecContent', appSpecContent: { content } });
  return [
    'set -e',
    'CODE="${CODEBUILD_SOURCE_VERSION#arn:aws:s3:::}"',
    `CURRENT=$(aws lambda get-alias --function-name ${functionName} --name ${alias} --query FunctionVersion --output text)`,
    `TARGET=$(aws lambda update-function-code --function-name ${functionName} --s3-bucket "\${CODE%%/*}" --s3-key "\${CODE#*/}" --publish --query Version --output text)`,
    'echo "version $CURRENT serves, version $TARGET is to serve"',
    `REVISION=$(echo '${revision}' | sed "s/@CURRENT@/$CURRENT/; s/@TARGET@/$TARGET/")`,
    `ID=none; [ "$CURRENT" = "$TARGET" ] || ID=$(aws deploy create-deployment --application-name ${group} --deployment-group-name ${group} --revision "$REVISION" --query deploymentId --output text)`,
    'STATUS=Succeeded; [ "$ID" = none ] || STATUS=InProgress',
    `while [ "$STATUS" != Succeeded ] && [ "$STATUS" != Failed ] && [ "$STATUS" != Stopped ]; do sleep 2; STATUS=$(aws deploy get-deployment --deployment-id "$ID" --query deploymentInfo.status --output text); done`,
    'echo "deployment $ID: $STATUS"',
    '[ "$STATUS" = Succeeded ]',
  ];
}

function permissionsOf(environment: Environment, functionName: string, group: string, shift: Shift) {
  const { account, region } = environment;
  const codedeploy = (name: string) => `arn:aws:codedeploy:${region}:${account}:${name}`;
  const allowing = (sid: string, actions: string[], ...resources: string[]) =>
    new PolicyStatement({ sid, actions, resources });
  return [
    allowing('Publish', ['lambda:GetAlias', 'lambda:UpdateFunctionCode'], functionArn(environment, functionName)),
    allowing('Register', ['codedeploy:RegisterApplicationRevision'], codedeploy(`application:${group}`)),
    allowing(
      'Deploy',
      ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
      codedeploy(`deploymentgroup:${group}/${group}`),
    ),
    allowing(
      'Config',
      ['codedeploy:GetDeploymentConfig'],
      codedeploy(`deploymentconfig:CodeDeployDefault.Lambda${shift}`),
    ),
  ];
}

const functionArn = ({ account, region }: Environment, functionName: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${functionName}`;
