import { describe, expect, test } from 'vitest';
import { broken, cloudformationWorld, group } from './cloudformation-world.ts';

const one = { First: group('/first') };

describe('a stack that fails', () => {
  test.each([
    [{ DisableRollback: true }, 'CREATE_FAILED', ['/first']],
    [{ OnFailure: 'DO_NOTHING' }, 'CREATE_FAILED', ['/first']],
    [{ OnFailure: 'DELETE' }, 'DELETE_COMPLETE', []],
    [{ OnFailure: 'ROLLBACK' }, 'ROLLBACK_COMPLETE', []],
  ])('with %j ends %s', async (how, StackStatus, left) => {
    const { changed, template, logGroups } = await cloudformationWorld();
    const failing = template({ ...one, Second: broken('First') });

    expect(await changed('CreateStack', 'one', { ...failing, ...how })).toMatchObject({ StackStatus });
    expect(await logGroups()).toEqual(left);
  });

  test('and keeps what it made is mended by an update', async () => {
    const { changed, template, update } = await cloudformationWorld();
    await changed('CreateStack', 'one', { ...template({ ...one, Second: broken('First') }), DisableRollback: true });

    expect(await update('one', one)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  });
});

test('a rollback that fails is continued, without what is skipped', async () => {
  const { world, create, update, cloudformation, describeStack, changed } = await cloudformationWorld();
  const shared = (value: string) => ({
    Table: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/table', RetentionInDays: value } },
  });
  await create('one', shared('7'));
  const model = world.resources['AWS::Logs::LogGroup'];
  let puts = 0;
  // The second change of the log group, which puts it back, is refused: as by a permission that was taken away.
  Object.assign(world, {
    resources: {
      ...world.resources,
      'AWS::Logs::LogGroup': {
        ...model,
        put: (...given: Parameters<NonNullable<typeof model>['put']>) => {
          puts += 1;
          if (puts === 2) throw new Error('not now');
          return model?.put(...given);
        },
      },
    },
  });

  const failed = await update('one', { ...shared('30'), Second: broken('Table') });
  expect(failed).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_FAILED' });
  await expect(update('one', shared('7'))).rejects.toThrow(
    'is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
  );
  await expect(
    cloudformation('ContinueUpdateRollback', { StackName: 'one', ResourcesToSkip: ['None'] }),
  ).rejects.toThrow('ResourcesToSkip: None');

  expect(await changed('ContinueUpdateRollback', 'one')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await describeStack('one')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  await expect(cloudformation('ContinueUpdateRollback', { StackName: 'one' })).rejects.toThrow(
    'is in UPDATE_ROLLBACK_COMPLETE state and can not continue rollback.',
  );
});

test('a protected stack cannot be deleted until its protection ends', async () => {
  const { changed, template, cloudformation, remove } = await cloudformationWorld();
  await changed('CreateStack', 'one', { ...template(one), EnableTerminationProtection: true });

  await expect(remove('one')).rejects.toThrow('Stack [one] cannot be deleted while TerminationProtection is enabled');
  await cloudformation('UpdateTerminationProtection', { StackName: 'one', EnableTerminationProtection: false });

  expect(await remove('one')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a request that is repeated with its token answers the same stack', async () => {
  const { cloudformation, template, describeStack, world } = await cloudformationWorld();
  const input = { StackName: 'one', ...template(one), ClientRequestToken: 'once' };
  const first = await cloudformation('CreateStack', input);
  await world.settled();

  expect(await cloudformation('CreateStack', input)).toEqual(first);
  await expect(cloudformation('CreateStack', { ...input, ClientRequestToken: 'twice' })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
    message: 'Stack [one] already exists',
  });
  expect(await describeStack('one')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});

test('tags are changed by an update that names some, and kept by one that names none', async () => {
  const { changed, template } = await cloudformationWorld();
  const Tags = [{ Key: 'team', Value: 'orders' }];
  await changed('CreateStack', 'one', template(one));

  expect(await changed('UpdateStack', 'one', { ...template(one), Tags })).toMatchObject({ Tags });
  expect(await changed('UpdateStack', 'one', template({ ...one, Second: group('/second') }))).toMatchObject({ Tags });
});

test('a resource keeps its type', async () => {
  const { create, update } = await cloudformationWorld();
  await create('one', one);

  const changedType = { First: { Type: 'AWS::SNS::Topic' } };
  await expect(update('one', changedType)).rejects.toThrow('Update of resource type is not permitted.');
});

test.each(['StackPolicyBody', 'RollbackConfiguration', 'NotificationARNs'])('%s is refused by name', async (name) => {
  const { cloudformation, template } = await cloudformationWorld();

  await expect(
    cloudformation('CreateStack', { StackName: 'one', ...template(one), [name]: ['something'] }),
  ).rejects.toThrow(`${name} is not played by the local cloud`);
});

test('a template is validated and summed up before it is deployed', async () => {
  const { cloudformation, template } = await cloudformationWorld();
  const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} } };
  const given = template({ Role: role }, { Parameters: { Size: { Type: 'String', Default: 's' } } });

  expect(await cloudformation('ValidateTemplate', given)).toMatchObject({
    Parameters: [{ ParameterKey: 'Size', DefaultValue: 's' }],
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  expect(await cloudformation('GetTemplateSummary', given)).toMatchObject({
    ResourceTypes: ['AWS::IAM::Role'],
    Parameters: [{ ParameterKey: 'Size', ParameterType: 'String' }],
  });
  await expect(cloudformation('ValidateTemplate', { TemplateBody: '{' })).rejects.toMatchObject({
    code: 'ValidationError',
  });
});

test('what a stack holds is told one by one and page by page', async () => {
  const { create, cloudformation } = await cloudformationWorld();
  await create('one', Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`G${at}`, group(`/g/${at}`)])));
  type Page = { StackResourceSummaries: unknown[]; NextToken?: string };

  const first = await cloudformation<Page>('ListStackResources', { StackName: 'one' });
  const next = await cloudformation<Page>('ListStackResources', { StackName: 'one', NextToken: first.NextToken });

  expect([first.StackResourceSummaries.length, next.StackResourceSummaries.length]).toEqual([100, 20]);
  expect(next.NextToken).toBeUndefined();
  expect(await cloudformation('DescribeStackResource', { StackName: 'one', LogicalResourceId: 'G7' })).toMatchObject({
    StackResourceDetail: { PhysicalResourceId: '/g/7', ResourceStatus: 'CREATE_COMPLETE' },
  });
  await expect(
    cloudformation('DescribeStackResource', { StackName: 'one', LogicalResourceId: 'None' }),
  ).rejects.toThrow('Resource None does not exist for stack one');
});
