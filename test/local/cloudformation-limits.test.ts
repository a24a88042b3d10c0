import { expect, test } from 'vitest';
import { broken, cloudformationWorld, group } from './cloudformation-world.ts';

const padded = (bytes: number) => {
  const bare = JSON.stringify({ Description: '', Resources: { One: group('one') } });
  return JSON.stringify({
    Description: '',
    Metadata: { padding: 'x'.repeat(bytes - bare.length - 26) },
    Resources: { One: group('one') },
  });
};

test('a template in a request may have 51,200 bytes, and one in a bucket a million', async () => {
  const { cloudformation, create, ask, world } = await cloudformationWorld();
  await create('one', { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'templates' } } });
  const validate = async (bytes: number, from: 'body' | 'bucket') => {
    const text = padded(bytes);
    expect(text).toHaveLength(bytes);
    if (from === 'body') return cloudformation('ValidateTemplate', { TemplateBody: text });
    await ask('s3', 'PutObject', { Bucket: 'templates', Key: 'a', Body: Buffer.from(text) });
    return cloudformation('ValidateTemplate', { TemplateURL: `${world.endpoint}/templates/a` });
  };

  await validate(51_200, 'body');
  await expect(validate(51_201, 'body')).rejects.toThrow('Member must have length less than or equal to 51200');
  await validate(1_000_000, 'bucket');
  await expect(validate(1_000_001, 'bucket')).rejects.toThrow('Template may not exceed 1000000 bytes in size.');
  await expect(
    cloudformation('ValidateTemplate', { TemplateURL: 'https://templates.s3.amazonaws.com/%zz' }),
  ).rejects.toThrow('TemplateURL must reference');
});

test('resources and events come a hundred at a time', async () => {
  const { create, cloudformation } = await cloudformationWorld();
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`Group${index}`, group(`many-${index}`)]));
  await create('many', many);
  const pages = async (operation: string, list: string) => {
    const sizes: number[] = [];
    for (let NextToken: string | undefined; sizes.length < 9; ) {
      const answer = await cloudformation<Record<string, unknown>>(operation, { StackName: 'many', NextToken });
      sizes.push((answer[list] as unknown[]).length);
      NextToken = answer['NextToken'] as string | undefined;
      if (NextToken === undefined) break;
    }
    return sizes;
  };

  expect(await pages('ListStackResources', 'StackResourceSummaries')).toEqual([100, 20]);
  expect(await pages('DescribeStackEvents', 'StackEvents')).toEqual([100, 22]);
  expect(await pages('DescribeEvents', 'OperationEvents')).toEqual([100, 22]);
});

test('failures alone can be asked for', async () => {
  const { create, cloudformation } = await cloudformationWorld();
  await create('one', { Good: group('good'), Bad: broken('Good') });
  const ask = (input: object) => cloudformation<{ OperationEvents: object[] }>('DescribeEvents', input);
  const { OperationEvents } = await ask({ StackName: 'one', Filters: { FailedEvents: 'true' } });

  expect(OperationEvents).toMatchObject([
    { LogicalResourceId: 'Bad', ResourceStatus: 'CREATE_FAILED', EventType: 'STACK_EVENT' },
  ]);
  await expect(ask({ OperationId: 'x' })).rejects.toThrow('not played by the local cloud');
});

test.for([
  'CancelUpdateStack',
  'RollbackStack',
  'SignalResource',
  'DetectStackDrift',
  'DescribeStackDriftDetectionStatus',
  'CreateStackSet',
])('%s is refused by its name', async (operation) => {
  const { cloudformation } = await cloudformationWorld();
  await expect(cloudformation(operation, { StackName: 'one' })).rejects.toThrow(
    `cloudformation:${operation} is not played by the local cloud`,
  );
});
