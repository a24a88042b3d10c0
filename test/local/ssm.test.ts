import { expect, test } from 'vitest';
import { cloudformationWorld } from './cloudformation-world.ts';

test('a parameter is written, overwritten only when asked to, and read with its version', async () => {
  const { ask } = await cloudformationWorld();
  const parameter = { Name: '/orders/size', Value: '1', Type: 'String' };

  expect(await ask('ssm', 'PutParameter', parameter)).toMatchObject({ Version: 1 });
  await expect(ask('ssm', 'PutParameter', parameter)).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
  await ask('ssm', 'PutParameter', { ...parameter, Value: '2', Overwrite: true });

  expect(await ask('ssm', 'GetParameter', { Name: '/orders/size' })).toMatchObject({
    Parameter: { Value: '2', Version: 2, ARN: 'arn:aws:ssm:eu-west-1:222222222222:parameter/orders/size' },
  });
});

test('names that do not exist are refused one by one and listed together', async () => {
  const { ask } = await cloudformationWorld();

  await expect(ask('ssm', 'GetParameter', { Name: 'none' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  expect(await ask('ssm', 'GetParameters', { Names: ['none'] })).toEqual({
    Parameters: [],
    InvalidParameters: ['none'],
  });
});

test('a stack makes a parameter and takes it away', async () => {
  const { create, remove, ask } = await cloudformationWorld();
  const Properties = { Name: 'size', Type: 'String', Value: '1' };
  await create('one', { Size: { Type: 'AWS::SSM::Parameter', Properties } });

  expect(await ask('ssm', 'GetParameter', { Name: 'size' })).toMatchObject({ Parameter: { Value: '1' } });
  await remove('one');
  await expect(ask('ssm', 'GetParameter', { Name: 'size' })).rejects.toThrow('size');
});
