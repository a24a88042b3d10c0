import { describe, expect, test } from 'vitest';
import { broken, cloudformationWorld, group } from './cloudformation-world.ts';

const bucket = (BucketName: string, more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
  ...more,
});

describe('a stack that cannot be made', () => {
  test('is rolled back, says why, and can only be deleted', async () => {
    const { create, update, remove, logGroups } = await cloudformationWorld();

    expect(await create('one', { First: group('/first'), Second: broken('First') })).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
      StackStatusReason: expect.stringContaining(
        'Second (AWS::Lambda::Function): InvalidParameterValueException',
      ) as string,
    });
    expect(await logGroups()).toEqual([]);
    await expect(update('one', { First: group('/first') })).rejects.toThrow(
      'is in ROLLBACK_COMPLETE state and can not be updated',
    );
    expect(await remove('one')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    expect(await create('one', { First: group('/first') })).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  // Source: the DeletionPolicy page of the CloudFormation guide.
  test.each([
    ['Retain', ['/first']],
    ['RetainExceptOnCreate', []],
    ['Delete', []],
  ])('keeps what was made under DeletionPolicy %s: %j', async (DeletionPolicy, kept) => {
    const { create, logGroups } = await cloudformationWorld();

    await create('one', { First: group('/first', { DeletionPolicy }), Second: broken('First') });

    expect(await logGroups()).toEqual(kept);
  });
});

describe('an update', () => {
  test('that fails puts back what it changed', async () => {
    const { create, update, ask } = await cloudformationWorld();
    const withDays = (RetentionInDays: number) => ({
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: '/first', RetentionInDays },
    });
    await create('one', { First: withDays(7) });

    expect(await update('one', { First: withDays(30), Second: broken('First') })).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await ask('logs', 'DescribeLogGroups', {})).toMatchObject({ logGroups: [{ retentionInDays: 7 }] });
  });

  test('that changes nothing is refused', async () => {
    const { create, update } = await cloudformationWorld();
    await create('one', { First: group('/first') });

    await expect(update('one', { First: group('/first') })).rejects.toThrow('No updates are to be performed.');
  });

  // Source: the UpdateReplacePolicy page of the CloudFormation guide.
  test.each([
    [{}, ['/new']],
    [{ UpdateReplacePolicy: 'Retain' }, ['/new', '/old']],
    [{ DeletionPolicy: 'Retain' }, ['/new']],
  ])('that replaces a resource keeps the old one only if UpdateReplacePolicy says so: %j', async (policies, left) => {
    const { create, update, logGroups } = await cloudformationWorld();
    await create('one', { First: group('/old', policies) });

    await update('one', { First: group('/new', policies) });

    expect((await logGroups()).toSorted()).toEqual(left);
  });

  test.each([
    ['Retain', ['/first', '/second']],
    ['Delete', ['/second']],
  ])('drops a resource by its DeletionPolicy %s', async (DeletionPolicy, left) => {
    const { create, update, logGroups } = await cloudformationWorld();
    await create('one', { First: group('/first', { DeletionPolicy }), Second: group('/second') });

    await update('one', { Second: group('/second') });

    expect((await logGroups()).toSorted()).toEqual(left);
  });
});

describe('a deletion', () => {
  test('that a resource resists ends DELETE_FAILED with that resource, and can be done again without it', async () => {
    const { create, remove, resources, logGroups, ask } = await cloudformationWorld();
    await create('one', { Full: bucket('one-full'), First: group('/first') });
    await ask('s3', 'PutObject', { Bucket: 'one-full', Key: 'a', Body: Buffer.from('a') });

    expect(await remove('one')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [Full].',
    });
    expect(await resources('one')).toEqual(['Full']);
    expect(await logGroups()).toEqual([]);
    expect(await remove('one', { RetainResources: ['Full'] })).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    expect(await ask('s3', 'GetObject', { Bucket: 'one-full', Key: 'a' })).toBeDefined();
  });

  test('may name resources to retain only after it has failed', async () => {
    const { create, remove } = await cloudformationWorld();
    await create('one', { First: group('/first') });

    await expect(remove('one', { RetainResources: ['First'] })).rejects.toThrow(
      'only when the current stack status is DELETE_FAILED',
    );
  });

  test('of a stack that is not there is no error', async () => {
    const { cloudformation } = await cloudformationWorld();

    expect(await cloudformation('DeleteStack', { StackName: 'none' })).toEqual({});
  });
});

describe('exports', () => {
  const exporting = (value: string, Name = 'shared') => ({ Outputs: { Shared: { Value: value, Export: { Name } } } });
  const importing = { Second: group('/second', { Properties: { LogGroupName: { 'Fn::ImportValue': 'shared' } } }) };

  test('are found by other stacks and listed with them', async () => {
    const { create, cloudformation, logGroups } = await cloudformationWorld();
    await create('one', { First: group('/first') }, exporting('/by-one'));
    await create('two', importing);

    expect(await logGroups()).toContain('/by-one');
    expect(await cloudformation('ListExports', {})).toMatchObject({ Exports: [{ Name: 'shared', Value: '/by-one' }] });
    expect(await cloudformation('ListImports', { ExportName: 'shared' })).toEqual({ Imports: ['two'] });
  });

  test('have one owner', async () => {
    const { create } = await cloudformationWorld();
    await create('one', { First: group('/first') }, exporting('a'));

    expect(await create('two', { Second: group('/second') }, exporting('b'))).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
      StackStatusReason: 'ValidationError: Export with name shared is already exported by stack one',
    });
  });

  test('neither change nor go while they are imported', async () => {
    const { create, update, remove } = await cloudformationWorld();
    await create('one', { First: group('/first') }, exporting('/by-one'));
    await create('two', importing);

    expect(await update('one', { First: group('/first') }, exporting('/other'))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
      StackStatusReason: expect.stringContaining('Export shared cannot be updated as it is in use by two') as string,
    });
    expect(await update('one', { First: group('/first') })).toMatchObject({
      StackStatusReason: expect.stringContaining('Export shared cannot be deleted as it is in use by two') as string,
    });
    expect(await remove('one')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'Delete canceled. Cannot delete export shared as it is in use by two.',
    });
    await remove('two');
    expect(await remove('one')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });

  test('that nobody imports are told as AWS does', async () => {
    const { cloudformation } = await cloudformationWorld();

    await expect(cloudformation('ListImports', { ExportName: 'none' })).rejects.toThrow(
      "Export 'none' is not imported by any stack.",
    );
  });
});

test('a type that is not played is refused by name before anything is made', async () => {
  const { create, logGroups } = await cloudformationWorld();

  await expect(create('one', { First: group('/first'), Second: { Type: 'AWS::RDS::DBCluster' } })).rejects.toThrow(
    'AWS::RDS::DBCluster is not played by the local cloud',
  );
  expect(await logGroups()).toEqual([]);
});
