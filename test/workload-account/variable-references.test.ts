import { describe, expect, test } from 'vitest';
import { referenceMistakes, type Stage, unfilledReferences } from '../../workload-account/variable-references.ts';

const source: Stage = {
  Name: 'Source',
  Actions: [{ Name: 'Source', Namespace: 'Source', ActionTypeId: { Category: 'Source', Provider: 'CodeCommit' } }],
};
const build: Stage = {
  Name: 'Build',
  Actions: [{ Name: 'Build', Namespace: 'Build', ActionTypeId: { Category: 'Build', Provider: 'CodeBuild' } }],
};
const commands: Stage = {
  Name: 'Commands',
  Actions: [
    {
      Name: 'Commands',
      Namespace: 'Commands',
      ActionTypeId: { Category: 'Compute', Provider: 'Commands' },
      OutputVariables: ['VERSION'],
    },
  ],
};
const approving = (text: string): Stage => ({
  Name: 'Approve',
  Actions: [
    {
      Name: 'Approve',
      ActionTypeId: { Category: 'Approval', Provider: 'Manual' },
      Configuration: { CustomData: text },
    },
  ],
});

const mistakesOf = (text: string) => referenceMistakes([source, build, commands, approving(text)], ['mergeId']);

describe('a reference between steps', () => {
  test.each([
    'Release #{Build.ANYTHING}?',
    '#{Source.CommitId} by #{Source.AuthorDate}',
    '#{variables.mergeId} in #{codepipeline.PipelineExecutionId}',
    '#{Commands.VERSION}',
    'costs #5 {or so}',
  ])('%s means something', (text) => {
    expect(mistakesOf(text)).toEqual([]);
  });

  test.each([
    ['#{Version}', 'which is no variable: write it as #{Build.VERSION}'],
    [
      '#{Biuld.VERSION}',
      "and no action has the namespace 'Biuld': known here are codepipeline, variables, Source, Build, Commands",
    ],
    ['#{Commands.TAG}', "and 'Commands' gives no TAG: it gives VERSION"],
    ['#{variables.tag}', "and 'variables' gives no tag: it gives mergeId"],
    [
      '#{Source.Author}',
      "and 'Source' gives no Author: it gives AuthorDate, BranchName, CommitId, CommitMessage, CommitterDate, RepositoryName",
    ],
  ])('%s is told with its mend', (text, told) => {
    expect(mistakesOf(text)).toEqual([`stage 'Approve': 'Approve' has ${text}, ${told}`]);
  });

  test('to a step that comes later is told, and so are two that need each other', () => {
    const asking = (stage: Stage, text: string): Stage => ({
      ...stage,
      Actions: stage.Actions.map((action) => ({ ...action, Configuration: { EnvironmentVariables: text } })),
    });

    expect(
      referenceMistakes([source, asking(build, '#{Commands.VERSION}'), asking(commands, '#{Build.X}')], []),
    ).toEqual([
      "stage 'Build': 'Build' has #{Commands.VERSION}, and 'Commands' has not ended by then: put it into an earlier stage",
    ]);
  });

  test('to a step at its side is told, and to one that runs before it in its stage is not', () => {
    const [action] = approving('#{Build.X}').Actions;
    const together = (RunOrder: number): Stage => ({
      Name: 'Both',
      Actions: [...build.Actions, { ...(action as NonNullable<typeof action>), RunOrder }],
    });

    expect(referenceMistakes([source, together(1)], [])).toHaveLength(1);
    expect(referenceMistakes([source, together(2)], [])).toEqual([]);
  });

  test('in the condition after a stage may name the stage itself, and in the one before it may not', () => {
    const rule = { Conditions: [{ Rules: [{ Configuration: { Variable: '#{Build.RELEASE}' } }] }] };

    expect(referenceMistakes([source, { ...build, OnSuccess: rule }], [])).toEqual([]);
    expect(referenceMistakes([source, { ...build, BeforeEntry: rule }], [])).toEqual([
      "stage 'Build': the condition before it has #{Build.RELEASE}, and 'Build' has not ended by then: put it into an earlier stage",
    ]);
  });
});

test('a reference where nobody fills it is found, and text of other languages is not taken for one', () => {
  const project = { commands: ['echo #{Build.VERSION}', `ruby -e 'puts "#{user.name}"'`] };

  expect(unfilledReferences([source, build], project)).toEqual(['Build.VERSION']);
});
