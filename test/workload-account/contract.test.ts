import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnPipeline, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { CodePipeline } from 'aws-cdk-lib/aws-events-targets';
import { CfnManagedPolicy, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAlias } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { breachesIn } from '../../workload-account/contract.ts';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { ResolvedResources } from '../../workload-account/resolved-resources.ts';
import { appOf, organisationFile, plain } from '../synthesis.ts';

const organisation = parseOrganisation(organisationFile);
const environment = organisation.environments.find(({ name }) => name === 'prod') as never;
const contract = { organisation, environment, definitions: [plain('orders')] };

/** The environment's stack, before its owner adds anything. */
const prodStack = (): Stack => appOf(organisationFile, {}, 'prod').node.findChild('mergecast-prod') as Stack;

/** Overrides a property of what CDK made of that class and has such a property. */
const override =
  (kind: abstract new (...given: never[]) => CfnResource, path: string, value: unknown, like = '') =>
  (stack: Stack): void => {
    const found = stack.node
      .findAll()
      .find((each): each is CfnResource => each instanceof kind && written(stack, each).includes(like));
    if (found === undefined) throw new Error(`the stack has no ${kind.name} with ${like}`);
    found.addPropertyOverride(path, value);
  };

const written = (stack: Stack, each: CfnResource): string => JSON.stringify(stack.resolve(each._toCloudFormation()));

const role = (stack: Stack, id: string, path?: string): Role =>
  new Role(stack, id, { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), ...(path ? { path } : {}) });

const grant =
  (actions: readonly string[], conditions = {}) =>
  (stack: Stack): boolean =>
    role(stack, 'Own').addToPolicy(new PolicyStatement({ actions: [...actions], resources: ['*'], conditions }));

const source = 'Stages.0.Actions.0';
const unread = 'orders-prod does not read orders on prod without polling: leave its stage Source as it is';
const unbounded =
  'without the condition iam:PermissionsBoundary, so what is deployed could leave the boundary: add it, as workload-account/stack-deployment.ts does';

/** Breaches, without the hashes that CDK puts behind names. */
const breachesOf = (stack: Stack): readonly string[] =>
  breachesIn(new ResolvedResources(stack), contract).map((breach) => breach.replaceAll(/(?<=[a-z])[0-9A-F]{8}\b/g, ''));

/** What an owner may do to their stack with CDK, and what they are told. */
test.each<readonly [string, (stack: Stack) => unknown, string]>([
  [
    'a pipeline of another name',
    override(CfnPipeline, 'Name', 'shop'),
    'no pipeline is named orders-prod, so its merges would start nothing: keep the name',
  ],
  [
    'a pipeline of type V1',
    override(CfnPipeline, 'PipelineType', 'V1'),
    'orders-prod is no V2 pipeline, which alone starts at a commit: leave its type as it is',
  ],
  [
    'triggers',
    override(CfnPipeline, 'Triggers', [{ ProviderType: 'CodeStarSourceConnection' }]),
    'orders-prod has triggers of its own: take them away, for merges start it',
  ],
  [
    'no variable for the merge',
    override(CfnPipeline, 'Variables.1.Name', 'merge'),
    "orders-prod lacks one of the variables generation, mergeId, author, title with the default 'none': leave them as they are",
  ],
  ['polling', override(CfnPipeline, `${source}.Configuration.PollForSourceChanges`, true), unread],
  ['another branch', override(CfnPipeline, `${source}.Configuration.BranchName`, 'main'), unread],
  [
    'a source read as another role',
    override(CfnPipeline, `${source}.RoleArn`, 'arn:aws:iam::444444444444:role/own'),
    "orders-prod reads the repository as another role than the DevOps account admits: leave the action's role as it is",
  ],
  [
    'a second source',
    override(CfnPipeline, 'Stages.1.Actions.0.ActionTypeId.Category', 'Source'),
    'orders-prod has a second source, which the starter does not pin: read it in a build',
  ],
  [
    'a pipeline that runs as another role',
    override(CfnPipeline, 'RoleArn', 'arn:aws:iam::444444444444:role/own'),
    'orders-prod runs as another role than /mergecast/prod/pipeline/orders-prod: leave its role as it is',
  ],
  [
    'artifacts elsewhere',
    override(CfnPipeline, 'ArtifactStore.Location', 'own-bucket'),
    "orders-prod keeps its artifacts elsewhere than in the environment's bucket and under its key: leave its store as it is",
  ],
  [
    'a schedule that starts it',
    (stack) =>
      new Rule(stack, 'Nightly', { schedule: Schedule.cron({ hour: '3' }) }).addTarget(
        new CodePipeline(
          Pipeline.fromPipelineArn(stack, 'P', 'arn:aws:codepipeline:eu-west-1:444444444444:orders-prod'),
        ),
      ),
    'Nightly starts orders-prod beside the starter: take it away, for merges alone start it',
  ],
  [
    'a report that is off',
    override(CfnRule, 'State', 'DISABLED', 'report-stages'),
    'the rule mergecast-prod-report-stages does not report all states home any more: leave it as it is',
  ],
  [
    'a report of fewer states',
    override(CfnRule, 'EventPattern.detail.state', ['FAILED'], 'report-actions'),
    'the rule mergecast-prod-report-actions does not report all states home any more: leave it as it is',
  ],
  [
    'a role in the path that reads sources',
    (stack) => role(stack, 'Own', '/mergecast/prod/pipeline/'),
    'role Own stands in /mergecast/prod/pipeline/, which the DevOps account lets read sources: give it another path',
  ],
  [
    'a boundary of another name',
    override(CfnManagedPolicy, 'ManagedPolicyName', 'own', 'mergecast-prod-boundary'),
    'no policy is named mergecast-prod-boundary, so nothing could be deployed: leave the boundary as it is',
  ],
  ['a role that makes roles', grant(['iam:CreateRole']), `OwnDefaultPolicy allows iam:CreateRole ${unbounded}`],
  ['a role that may all of IAM', grant(['iam:*']), `OwnDefaultPolicy allows iam:* ${unbounded}`],
  [
    'an administrator',
    (stack) => role(stack, 'Own').addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')),
    `Own allows AdministratorAccess ${unbounded}`,
  ],
  [
    'a bucket of another name',
    override(CfnBucket, 'BucketName', 'own', 'LoggingConfiguration'),
    'no bucket is named mergecast-prod-444444444444-eu-west-1, where the DevOps account brings sources: keep the name',
  ],
  [
    'a key without its alias',
    override(CfnAlias, 'AliasName', 'alias/own'),
    'no key has the alias alias/mergecast-prod, by which policies know it: keep the alias',
  ],
])('an owner who adds %s is told so', (_, add, told) => {
  const stack = prodStack();

  add(stack);

  expect(breachesOf(stack)).toContain(told);
});

test('an owner may add resources, and roles that make bounded roles', () => {
  const stack = prodStack();

  role(stack, 'Plain');
  grant(['iam:CreateRole', 's3:*'], {
    StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::444444444444:policy/b' },
  })(stack);

  expect(breachesOf(stack)).toEqual([]);
});

test('synthesis ends with all breaches', () => {
  const app = appOf(organisationFile, {}, 'prod');
  const stack = app.node.findChild('mergecast-prod') as Stack;
  override(CfnPipeline, 'PipelineType', 'V1')(stack);
  override(CfnAlias, 'AliasName', 'alias/own')(stack);

  expect(() => app.synth()).toThrow(/mergecast-prod: orders-prod is no V2 pipeline.*; .*no key has the alias/);
});

test('synthesis ends where a step needs a variable that no step before it gives', () => {
  const early = pipeline('orders')
    .build({ environment: { VERSION: '#{Test.VERSION}' } })
    .test({ commands: ['npm test'] });
  const app = appOf(organisationFile, { prod: early.deployStack() }, 'prod');

  expect(() => app.synth()).toThrow(
    /contract\.test\.ts:\d+: pipeline\('orders'\): stage 'Build': 'Build' has #\{Test\.VERSION\}/,
  );
});
