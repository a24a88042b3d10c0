import { describe, expect, test } from 'vitest';
import { broken, cloudformationWorld, group } from './cloudformation-world.ts';

const days = (LogGroupName: string, RetentionInDays: number) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName, RetentionInDays },
});

describe('a change set', () => {
  test('of a new stack puts it in review, and creates it when it is executed', async () => {
    const { changeSet, execute, describeStack, logGroups } = await cloudformationWorld();

    const planned = await changeSet('one', { First: group('/first') }, { ChangeSetType: 'CREATE' });

    expect(planned).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [
        {
          Type: 'Resource',
          ResourceChange: { Action: 'Add', LogicalResourceId: 'First', ResourceType: 'AWS::Logs::LogGroup' },
        },
      ],
    });
    expect(await describeStack('one')).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS', StackId: planned.StackId });
    expect(await logGroups()).toEqual([]);
    expect(await execute('one')).toMatchObject({ StackStatus: 'CREATE_COMPLETE', StackId: planned.StackId });
    expect(await logGroups()).toEqual(['/first']);
  });

  test('tells what is changed in place, replaced, added and removed, and with which policy', async () => {
    const { create, changeSet } = await cloudformationWorld();
    await create('one', {
      Changed: days('/changed', 7),
      Replaced: group('/old'),
      Kept: group('/kept'),
      Gone: group('/gone', { DeletionPolicy: 'Retain' }),
    });

    const { Changes } = await changeSet('one', {
      Changed: days('/changed', 30),
      Replaced: group('/new', { UpdateReplacePolicy: 'Retain' }),
      Kept: group('/kept'),
      New: group('/added'),
    });

    expect(Changes.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
      { Action: 'Modify', LogicalResourceId: 'Changed', Replacement: 'False', Scope: ['Properties'] },
      { Action: 'Modify', LogicalResourceId: 'Replaced', Replacement: 'True', PolicyAction: 'ReplaceAndRetain' },
      { Action: 'Add', LogicalResourceId: 'New' },
      { Action: 'Remove', LogicalResourceId: 'Gone', PhysicalResourceId: '/gone', PolicyAction: 'Retain' },
    ]);
    expect(Changes[0]?.ResourceChange.Details).toEqual([
      {
        Target: { Attribute: 'Properties', Name: 'RetentionInDays', RequiresRecreation: 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
    ]);
  });

  test('says that a value depends on a resource that will be replaced', async () => {
    const { create, changeSet } = await cloudformationWorld();
    const filter = (name: string) => ({
      First: group(name),
      Second: { Type: 'AWS::SSM::Parameter', Properties: { Name: 'second', Type: 'String', Value: { Ref: 'First' } } },
    });
    await create('one', filter('/old'));

    const { Changes } = await changeSet('one', filter('/new'));

    expect(Changes[1]?.ResourceChange).toMatchObject({
      LogicalResourceId: 'Second',
      Replacement: 'False',
      Details: [{ Target: { Name: 'Value' }, Evaluation: 'Dynamic', ChangeSource: 'ResourceReference' }],
    });
  });

  test('without changes has failed, in the words that clients look for, and cannot be executed', async () => {
    const { create, changeSet, execute } = await cloudformationWorld();
    await create('one', { First: group('/first') });

    expect(await changeSet('one', { First: group('/first') })).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
      Changes: [],
    });
    await expect(execute('one')).rejects.toThrow('cannot be executed in its current execution status of [UNAVAILABLE]');
  });

  test('with new tags alone is a change', async () => {
    const { create, changeSet, execute } = await cloudformationWorld();
    await create('one', { First: group('/first') });

    const Tags = [{ Key: 'team', Value: 'orders' }];
    expect(await changeSet('one', { First: group('/first') }, { Tags })).toMatchObject({ Status: 'CREATE_COMPLETE' });
    expect(await execute('one')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags });
  });

  test('takes the other change sets of its stack with it when it is executed', async () => {
    const { create, changeSet, execute, cloudformation } = await cloudformationWorld();
    await create('one', { First: group('/first') });
    await changeSet('one', { First: group('/a') }, { ChangeSetName: 'other' });
    await changeSet('one', { First: group('/b') });

    await execute('one');

    expect(await cloudformation('ListChangeSets', { StackName: 'one' })).toMatchObject({
      Summaries: [{ ChangeSetName: 'planned', ExecutionStatus: 'EXECUTE_COMPLETE' }],
    });
  });

  test('is deleted, twice without an error, and then not found', async () => {
    const { create, changeSet, cloudformation } = await cloudformationWorld();
    await create('one', { First: group('/first') });
    await changeSet('one', { First: group('/a') });
    const which = { StackName: 'one', ChangeSetName: 'planned' };

    await cloudformation('DeleteChangeSet', which);

    expect(await cloudformation('DeleteChangeSet', which)).toEqual({});
    await expect(cloudformation('DescribeChangeSet', which)).rejects.toMatchObject({
      code: 'ChangeSetNotFound',
      message: 'ChangeSet [planned] does not exist',
    });
  });

  test.each([
    ['CREATE', 'one', 'already exists and cannot be created again with the changeSet [planned].'],
    ['UPDATE', 'two', 'Stack [two] does not exist'],
    ['IMPORT', 'one', 'ChangeSetType IMPORT is not played'],
  ])('of type %s does not fit stack %s: %s', async (ChangeSetType, stack, text) => {
    const { create, changeSet } = await cloudformationWorld();
    await create('one', { First: group('/first') });

    await expect(changeSet(stack, { First: group('/new') }, { ChangeSetType })).rejects.toThrow(text);
  });

  test('that fails when it is executed rolls the stack back, or deletes it when asked so', async () => {
    const { changeSet, execute } = await cloudformationWorld();
    const failing = { First: group('/first'), Second: broken('First') };

    await changeSet('one', failing, { ChangeSetType: 'CREATE' });
    expect(await execute('one')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    await changeSet('two', failing, { ChangeSetType: 'CREATE', OnStackFailure: 'DELETE' });
    expect(await execute('two')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });
});
