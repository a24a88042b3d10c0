import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowing, type IdentityWorld, identityWorld } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

interface Shown {
  readonly Parameter: { readonly Value: string; readonly Version: number };
}
interface List {
  readonly Parameters: readonly {
    readonly Name: string;
    readonly Version: number;
    readonly Labels: readonly string[];
  }[];
  readonly NextToken?: string;
}

const ssm = <Answer = Record<string, unknown>>(operation: string, input: object = {}) =>
  cloud.ask<Answer>('ssm', operation, input);
const put = (Name: string, Value: string, more: object = {}) =>
  ssm('PutParameter', { Name, Value, Type: 'String', Overwrite: true, ...more });
const value = async (Name: string, more: object = {}) =>
  (await ssm<Shown>('GetParameter', { Name, ...more })).Parameter.Value;

test('every version stays readable by its number and by the label that was put on it last', async () => {
  for (const each of ['one', 'two', 'three']) await put('/versions/a', each);
  await ssm('LabelParameterVersion', { Name: '/versions/a', ParameterVersion: 1, Labels: ['stable', '1bad'] });

  expect(await value('/versions/a')).toBe('three');
  expect(await value('/versions/a:2')).toBe('two');
  expect(await value('/versions/a:stable')).toBe('one');
  expect(await value('arn:aws:ssm:eu-west-1:222222222222:parameter/versions/a:2')).toBe('two');
  expect(await ssm('LabelParameterVersion', { Name: '/versions/a', Labels: ['stable', 'aws.x'] })).toEqual({
    InvalidLabels: ['aws.x'],
    ParameterVersion: 3,
  });
  expect(await value('/versions/a:stable')).toBe('three');
  const { Parameters } = await ssm<List>('GetParameterHistory', { Name: '/versions/a' });
  expect(Parameters).toMatchObject([
    { Version: 1, Labels: [], Value: 'one' },
    { Version: 2 },
    { Version: 3, Labels: ['stable'] },
  ]);
  await ssm('UnlabelParameterVersion', { Name: '/versions/a', ParameterVersion: 3, Labels: ['stable'] });
  await expect(value('/versions/a:stable')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
});

test('a hundred versions are kept, and a label keeps the oldest from going', async () => {
  for (let number = 1; number <= 101; number++) await put('many', String(number));
  await expect(value('many:1')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
  await ssm('LabelParameterVersion', { Name: 'many', ParameterVersion: 2, Labels: ['kept'] });

  await expect(put('many', 'more')).rejects.toMatchObject({ code: 'ParameterMaxVersionLimitExceeded' });
});

test('the parameters below a path are read level by level, in parts', async () => {
  for (const name of ['/path/a', '/path/b', '/path/deep/c', '/pathological']) await put(name, 'x');
  const names = async (more: object) =>
    (await ssm<List>('GetParametersByPath', { Path: '/path', ...more })).Parameters.map(({ Name }) => Name);
  const first = await ssm<List>('GetParametersByPath', { Path: '/path/', Recursive: true, MaxResults: 2 });

  expect(await names({})).toEqual(['/path/a', '/path/b']);
  expect(first.Parameters.map(({ Name }) => Name)).toEqual(['/path/a', '/path/b']);
  expect(await names({ Recursive: true, NextToken: first.NextToken })).toEqual(['/path/deep/c']);
  expect(await names({ Recursive: true, ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] })).toEqual([]);
});

test('a SecureString shows its value to those only who may use its key', async () => {
  const { KeyMetadata } = await cloud.ask<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey');
  await put('/secure/keyed', 'quiet-value', { Type: 'SecureString', KeyId: KeyMetadata.Arn });
  await put('/secure/plain', 'quiet-value', { Type: 'SecureString' });
  const reader = cloud.as(await cloud.session(await cloud.role('ssm-reader', allowing('ssm:GetParameter*'))));
  const read = async (Name: string, WithDecryption: boolean) =>
    (await reader<Shown>('ssm', 'GetParameter', { Name, WithDecryption })).Parameter.Value;

  await expect(read('/secure/keyed', true)).rejects.toThrow('kms:Decrypt');
  expect(await read('/secure/plain', true)).toBe('quiet-value');
  const sealed = await read('/secure/keyed', false);
  const context = { EncryptionContext: { PARAMETER_ARN: 'arn:aws:ssm:eu-west-1:222222222222:parameter/secure/keyed' } };
  expect(await cloud.ask('kms', 'Decrypt', { CiphertextBlob: sealed, ...context })).toMatchObject({
    Plaintext: Buffer.from('quiet-value'),
  });
  expect(await value('/secure/keyed', { WithDecryption: true })).toBe('quiet-value');
  expect(JSON.stringify([await ssm('DescribeParameters'), cloud.world.journal.entries])).not.toContain('quiet-value');
});

test('parameters are described by name, path, type and tag, without values', async () => {
  await ssm('PutParameter', {
    Name: '/described/a',
    Value: 'x',
    Type: 'StringList',
    Description: 'a list',
    Tags: [{ Key: 'team', Value: 'orders' }],
  });
  const described = async (...ParameterFilters: readonly object[]) =>
    (await ssm<List>('DescribeParameters', { ParameterFilters })).Parameters.map(({ Name }) => Name);

  expect(await described({ Key: 'Name', Option: 'Contains', Values: ['bed/a'] })).toEqual(['/described/a']);
  expect(await described({ Key: 'Path', Values: ['/described'] }, { Key: 'Type', Values: ['StringList'] })).toEqual([
    '/described/a',
  ]);
  expect(await described({ Key: 'tag:team', Values: ['orders'] })).toEqual(['/described/a']);
  expect(await described({ Key: 'tag:team', Values: ['others'] })).toEqual([]);
  expect(await ssm('DescribeParameters', { Filters: [{ Key: 'Name', Values: ['/described'] }] })).toMatchObject({
    Parameters: [
      {
        Description: 'a list',
        Tier: 'Standard',
        Type: 'StringList',
        LastModifiedUser: 'arn:aws:iam::222222222222:user/administrator',
      },
    ],
  });
  await ssm('RemoveTagsFromResource', { ResourceType: 'Parameter', ResourceId: '/described/a', TagKeys: ['team'] });
  expect(await ssm('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/described/a' })).toEqual({
    TagList: [],
  });
});

test('parameters are deleted one by one or together', async () => {
  await put('gone', 'x');
  expect(await ssm('DeleteParameters', { Names: ['gone', 'none'] })).toEqual({
    DeletedParameters: ['gone'],
    InvalidParameters: ['none'],
  });
  await expect(ssm('DeleteParameter', { Name: 'gone' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
});

test.for<[string, object, string, string]>([
  ['a name of AWS', { Name: '/aws/mine' }, 'AccessDeniedException', 'No access to reserved parameter name: /aws/mine.'],
  ['a name with ssm in front', { Name: 'ssmine' }, 'ValidationException', 'can\'t be prefixed with "ssm"'],
  [
    'a path that is not whole',
    { Name: 'a/b' },
    'ValidationException',
    'Parameter name must be a fully qualified name.',
  ],
  ['a hierarchy of sixteen levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException', '15 levels'],
  [
    'a long value',
    { Value: 'x'.repeat(4097) },
    'ValidationException',
    'Standard tier parameters support a maximum parameter value of 4096 characters.',
  ],
  ['a longer value', { Value: 'x'.repeat(8193), Tier: 'Intelligent-Tiering' }, 'ValidationException', '8192'],
  ['no type', { Name: 'untyped', Type: undefined }, 'ValidationException', 'A parameter type is required'],
  ['another type', { Type: 'StringList' }, 'HierarchyTypeMismatchException', 'from String to StringList'],
  [
    'tags and overwriting',
    { Tags: [{ Key: 'a', Value: 'b' }] },
    'ValidationException',
    "tags and overwrite can't be used together",
  ],
  ['a pattern', { AllowedPattern: '(a+)+$' }, 'ValidationException', 'AllowedPattern'],
])('%s is refused', async ([, more, code, text]) => {
  await put('there', 'x');

  await expect(put('there', 'x', more)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text) as string,
  });
});

test.for<[string, object, string]>([
  ['GetParametersByPath', { Path: '/a', ParameterFilters: [{ Key: 'Name', Values: ['x'] }] }, 'InvalidFilterKey'],
  ['DescribeParameters', { ParameterFilters: [{ Key: 'Name', Option: 'Like', Values: ['x'] }] }, 'InvalidFilterOption'],
  ['DescribeParameters', { NextToken: 'nonsense' }, 'InvalidNextToken'],
  ['ListTagsForResource', { ResourceType: 'Parameter', ResourceId: 'none' }, 'InvalidResourceId'],
])('%s with %j is refused as %s', async ([operation, input, code]) => {
  await put('there', 'x');

  await expect(ssm(operation, input)).rejects.toMatchObject({ code });
});
