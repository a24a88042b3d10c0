import { expect, test } from 'vitest';
import { approval, sharedWorld, source, twoApprovals } from './codepipeline-world.ts';

const world = sharedWorld();

const action = (Category: string, Provider: string, Configuration: object = {}, more: object = {}) => ({
  Name: 'Do',
  ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' },
  Configuration,
  ...more,
});
const deployed = { ApplicationName: 'orders', DeploymentGroupName: 'all' };

// Source: the CodePipeline pages on the pipeline structure and on quotas, facts 3.7 to 3.9, and what CodePipeline answers.
test.each([
  [
    'a first stage that is no source',
    [twoApprovals[1], twoApprovals[2]],
    'the first stage must hold only source actions',
  ],
  [
    'a source behind the first stage',
    [...twoApprovals, { Name: 'More', Actions: [source('More', 'Other')] }],
    'source actions may stand only in the first stage',
  ],
  ['two stages of one name', [...twoApprovals, twoApprovals[1]], "two stages have the name 'First'"],
  [
    'two actions of one name',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask'), approval('Ask')] }],
    "stage First: two actions have the name 'Ask'",
  ],
  [
    'an artifact of two makers',
    [{ Name: 'Source', Actions: [source('One'), source('Two')] }, twoApprovals[1]],
    "two actions make the output artifact 'Code'",
  ],
  [
    'an order beyond 999',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { RunOrder: 1000 })] }],
    'has runOrder 1000, which is not 1 to 999',
  ],
  [
    'an action of a type that does not exist',
    [twoApprovals[0], { Name: 'First', Actions: [action('Build', 'Jenkins')] }],
    "ActionType (Category: 'Build', Provider: 'Jenkins', Owner: 'AWS', Version: '1') in action 'Do' is not available in region 'EU_WEST_1'",
  ],
  [
    'an action that is not played',
    [twoApprovals[0], { Name: 'First', Actions: [action('Deploy', 'ECS')] }],
    'provider AWS/Deploy/ECS is not played: containers are not run locally',
  ],
  [
    'a state machine',
    [twoApprovals[0], { Name: 'First', Actions: [action('Invoke', 'StepFunctions', { StateMachineArn: 'arn' })] }],
    'provider AWS/Invoke/StepFunctions is not played',
  ],
  [
    'a setting that is missing',
    [twoApprovals[0], { Name: 'First', Actions: [action('Build', 'CodeBuild')] }],
    "Action configuration for action 'Do' is missing required configuration 'ProjectName'",
  ],
  [
    'a setting that nobody knows',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { Configuration: { Datum: 'x' } })] }],
    "Action configuration for action 'Ask' contains unknown configuration 'Datum'",
  ],
  [
    'a setting that is not played',
    [
      twoApprovals[0],
      {
        Name: 'First',
        Actions: [action('Deploy', 'S3', { BucketName: 'x', Extract: 'true', CannedACL: 'private' })],
      },
    ],
    'configuration CannedACL is not played',
  ],
  [
    'a setting of more than 1,000 characters',
    [
      twoApprovals[0],
      { Name: 'First', Actions: [approval('Ask', { Configuration: { CustomData: 'x'.repeat(1001) } })] },
    ],
    'Member must have length less than or equal to 1000',
  ],
  [
    'too few inputs',
    [twoApprovals[0], { Name: 'First', Actions: [action('Deploy', 'CodeDeploy', deployed)] }],
    'Action Do declares 0 input artifacts which is less than the minimum count (1)',
  ],
  [
    'too many inputs',
    [
      { Name: 'Source', Actions: [source('One', 'A'), source('Two', 'B')] },
      {
        Name: 'First',
        Actions: [action('Deploy', 'CodeDeploy', deployed, { InputArtifacts: [{ Name: 'A' }, { Name: 'B' }] })],
      },
    ],
    'Action Do declares 2 input artifacts which is greater than the maximum count (1)',
  ],
  [
    'outputs of an approval',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { OutputArtifacts: [{ Name: 'Yes' }] })] }],
    'Action Ask declares 1 output artifacts which is greater than the maximum count (0)',
  ],
  [
    'a time-out of anything but an approval',
    [
      twoApprovals[0],
      { Name: 'First', Actions: [action('Invoke', 'Lambda', { FunctionName: 'x' }, { TimeoutInMinutes: 9 })] },
    ],
    'has a time-out, which only approvals may have',
  ],
  [
    'an action in another region',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { Region: 'us-east-1' })] }],
    "Region us-east-1 is not the pipeline's eu-west-1",
  ],
  [
    'commands without commands',
    [
      twoApprovals[0],
      { Name: 'First', Actions: [action('Compute', 'Commands', {}, { InputArtifacts: [{ Name: 'Code' }] })] },
    ],
    'Action Do must have a non-empty commands field',
  ],
  [
    'a command of two lines',
    [
      twoApprovals[0],
      {
        Name: 'First',
        Actions: [action('Compute', 'Commands', {}, { InputArtifacts: [{ Name: 'Code' }], Commands: ['a\nb'] })],
      },
    ],
    'is not a command of one line',
  ],
  [
    'two actions of one namespace',
    [
      twoApprovals[0],
      { Name: 'First', Actions: [approval('Ask', { Namespace: 'Same' }), approval('Also', { Namespace: 'Same' })] },
    ],
    'Namespaces must be unique across the pipeline definition. The following occur more than once in the pipeline. StageName=[First], ActionName=[Also], Namespace=[Same]',
  ],
  [
    'a reference to a namespace of nobody',
    [
      twoApprovals[0],
      { Name: 'First', Actions: [approval('Ask', { Configuration: { CustomData: '#{nobody.Key}' } })] },
    ],
    'are referencing a namespace that does not exist. StageName=[First], ActionName=[Ask], ActionConfigurationKey=[CustomData], VariableReferenceText=[nobody.Key]',
  ],
  [
    'a reference without a key',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { Configuration: { CustomData: '#{nobody}' } })] }],
    'Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.)',
  ],
  [
    'a reference to what runs at the same time',
    [
      twoApprovals[0],
      {
        Name: 'First',
        Actions: [
          approval('Also', { Namespace: 'Also' }),
          approval('Ask', { Configuration: { CustomData: '#{Also.Key}' } }),
        ],
      },
    ],
    'an action that has not ended by then',
  ],
  [
    'an artifact store of another region',
    [twoApprovals[0], twoApprovals[1]],
    'pipeline refused: an artifact store in us-east-1',
    {
      ArtifactStore: undefined,
      ArtifactStores: [{ Region: 'us-east-1', ArtifactStore: { Type: 'S3', Location: 'orders-artifacts' } }],
    },
  ],
] as const)('%s is refused', async (_what, stages, reason, more: object = {}) => {
  expect(
    await world()
      .named('refused')
      .pipeline(stages as readonly object[], more),
  ).toMatchObject({
    failed: true,
    reason: expect.stringContaining(reason) as string,
  });
});
