import {
  AddPermissionCommand,
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { assumeRole } from '../../local/services/sts/assume.ts';
import { zipOf } from './codebuild-world.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const trustOf = (principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});
const code = (text: string) =>
  `exports.handler = async (event, context) => ({ text: ${JSON.stringify(text)}, version: context.functionVersion, arn: context.invokedFunctionArn })`;
const zipped = async (text: string) => new Uint8Array(await zipOf({ 'index.js': code(text) }));

let cloud: EventsWorld;
let client: LambdaClient;
let count = 0;
let name = '';

beforeAll(async () => {
  cloud = await eventsWorld();
  client = new LambdaClient({ ...cloud.client(account), maxAttempts: 1 });
  const AssumeRolePolicyDocument = trustOf({ Service: 'lambda.amazonaws.com' });
  await cloud.place(account, 'AWS::IAM::Role', { RoleName: 'function', AssumeRolePolicyDocument });
});
afterAll(async () => {
  client.destroy();
  await cloud.close();
});
beforeEach(async () => {
  name = `orders-${count++}`;
  await cloud.place(account, 'AWS::Lambda::Function', {
    FunctionName: name,
    Role: `arn:aws:iam::${account}:role/function`,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: code('first') },
  });
});

const arn = (qualifier?: string) =>
  `arn:aws:lambda:eu-west-1:${account}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
const publish = () => client.send(new PublishVersionCommand({ FunctionName: name }));
const update = async (text: string) =>
  client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: await zipped(text) }));
async function invoke(Qualifier?: string, FunctionName = name) {
  const answer = await client.send(new InvokeCommand({ FunctionName, Qualifier }));
  return {
    executed: answer.ExecutedVersion,
    ...(JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as { text: string; version: string; arn: string }),
  };
}
async function twoVersions(): Promise<void> {
  await publish();
  await update('second');
  await publish();
}

test("a function finds the runtime's AWS SDK without bringing it", async () => {
  const reads = "exports.handler = async () => typeof require('@aws-sdk/client-sts').STSClient";
  const ZipFile = new Uint8Array(await zipOf({ 'index.js': reads }));
  await client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));

  const { Payload } = await client.send(new InvokeCommand({ FunctionName: name }));

  expect(Buffer.from(Payload ?? []).toString()).toBe('"function"');
});

test('a published version keeps its code while $LATEST goes on', async () => {
  await publish();
  await update('second');

  expect(await invoke()).toEqual({ executed: '$LATEST', text: 'second', version: '$LATEST', arn: arn() });
  expect(await invoke('1')).toEqual({ executed: '1', text: 'first', version: '1', arn: arn('1') });
  expect(await invoke(undefined, arn('1'))).toMatchObject({ text: 'first' });
  await expect(invoke('2')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arn('2')}`,
  });
  await expect(invoke('2', `${name}:1`)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('publishing what has not changed answers the version that is there, and numbers are not used again', async () => {
  const first = await publish();
  const again = await publish();
  await client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: '1' }));
  const second = await publish();

  expect([first.Version, again.Version, second.Version]).toEqual(['1', '1', '2']);
  expect(first).toMatchObject({ FunctionArn: arn('1'), CodeSha256: expect.any(String) as unknown });
  const page = await client.send(new ListVersionsByFunctionCommand({ FunctionName: name, MaxItems: 1 }));
  const rest = await client.send(new ListVersionsByFunctionCommand({ FunctionName: name, Marker: page.NextMarker }));
  expect([page, rest].map(({ Versions }) => Versions?.map(({ Version }) => Version))).toEqual([['$LATEST'], ['2']]);
});

test('publishing and changing refuse a revision or code that is not the newest', async () => {
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: name }));
  const RevisionId = Configuration?.RevisionId;
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, RevisionId, Timeout: 7 }));

  await expect(
    client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, RevisionId, Timeout: 8 })),
  ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
  await expect(
    client.send(new PublishVersionCommand({ FunctionName: name, CodeSha256: 'other' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  const now = await client.send(new GetFunctionCommand({ FunctionName: name }));
  expect(now.Configuration).toMatchObject({ Timeout: 7, MemorySize: 128 });
});

test('an alias shares traffic between two versions by weight', async () => {
  await twoVersions();
  const made = await client.send(
    new CreateAliasCommand({
      FunctionName: name,
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { '2': 0.3 } },
    }),
  );

  const texts: string[] = [];
  for (let call = 0; call < 200; call++) texts.push((await invoke('live')).text);

  const second = texts.filter((text) => text === 'second').length;
  expect(second).toBeGreaterThan(30);
  expect(second).toBeLessThan(90);
  expect(made).toMatchObject({ AliasArn: arn('live'), RoutingConfig: { AdditionalVersionWeights: { '2': 0.3 } } });
  await client.send(
    new UpdateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '2', RoutingConfig: {} }),
  );
  expect(await invoke('live')).toEqual({ executed: '2', text: 'second', version: '2', arn: arn('live') });
});

test('an alias is refused when its version is missing, its name taken or its weights make no sense', async () => {
  await publish();
  const create = (more: object) =>
    client.send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1', ...more }));

  const shared = (versions: object) => create({ RoutingConfig: { AdditionalVersionWeights: versions } });
  await expect(create({ FunctionVersion: '7' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(create({ Name: '12' })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(shared({ '1': 0.5 })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await expect(shared({ '2': 0.5, '3': 0.1 })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await create({});
  await expect(create({})).rejects.toMatchObject({ message: `Alias already exists: ${arn('live')}` });
  await expect(client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: '1' }))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const listed = await client.send(new ListAliasesCommand({ FunctionName: name, FunctionVersion: '1' }));
  expect(listed.Aliases?.map(({ Name }) => Name)).toEqual(['live']);
  await client.send(new DeleteAliasCommand({ FunctionName: name, Name: 'live' }));
  await expect(client.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Cannot find alias arn: ${arn('live')}`,
  });
});

test('who may invoke an alias may not thereby invoke the function, and each has a policy of its own', async () => {
  await twoVersions();
  await client.send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1' }));
  const AssumeRolePolicyDocument = trustOf({ AWS: `arn:aws:iam::${account}:root` });
  const { attributes } = await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: `guest-${name}`,
    AssumeRolePolicyDocument,
  });
  const permit = { FunctionName: name, StatementId: 'guest', Action: 'lambda:InvokeFunction' };
  const Principal = String(attributes['Arn']);
  await client.send(new AddPermissionCommand({ ...permit, Qualifier: 'live', Principal }));
  const { credentials } = await assumeRole(cloud.world, {
    account,
    region: 'eu-west-1',
    caller: administrator(cloud.world, account),
    roleArn: Principal,
    sessionName: 'guest',
  });
  const guest = new LambdaClient({ ...cloud.client(account), credentials, maxAttempts: 1 });

  const answer = await guest.send(new InvokeCommand({ FunctionName: name, Qualifier: 'live' }));

  expect(answer.ExecutedVersion).toBe('1');
  await expect(guest.send(new InvokeCommand({ FunctionName: name }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`lambda:InvokeFunction on resource: ${arn()}`) as unknown,
  });
  await expect(
    client.send(new AddPermissionCommand({ ...permit, Qualifier: 'live', Principal })),
  ).rejects.toMatchObject({ name: 'ResourceConflictException' });
  const { Policy } = await client.send(new GetPolicyCommand({ FunctionName: name, Qualifier: 'live' }));
  expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [{ Sid: 'guest', Resource: arn('live') }] });
  await client.send(new RemovePermissionCommand({ FunctionName: name, Qualifier: 'live', StatementId: 'guest' }));
  await expect(client.send(new GetPolicyCommand({ FunctionName: name, Qualifier: 'live' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  guest.destroy();
});

test('versions and aliases are made by templates; a version is published again only for something new', async () => {
  const made = await cloud.place(account, 'AWS::Lambda::Version', { FunctionName: name });
  const Version = made.attributes['Version'];
  const alias = { FunctionName: name, FunctionVersion: Version, Name: 'live' };
  const placed = await cloud.place(account, 'AWS::Lambda::Alias', alias);

  expect(made.physicalId).toBe(arn('1'));
  expect(placed).toEqual({ physicalId: arn('live'), attributes: { AliasArn: arn('live') } });
  expect(await invoke('live')).toMatchObject({ executed: '1' });
  await expect(cloud.place(account, 'AWS::Lambda::Version', { FunctionName: name })).rejects.toMatchObject({
    message: expect.stringContaining('A version for this Lambda function exists ( 1 )') as unknown,
  });
});

test('tags, settings and what asynchronous calls are treated by can be read', async () => {
  await client.send(new TagResourceCommand({ Resource: arn(), Tags: { a: '1', b: '2', c: '3' } }));
  await client.send(new UntagResourceCommand({ Resource: arn(), TagKeys: ['a', 'b'] }));
  await cloud.place(account, 'AWS::Lambda::EventInvokeConfig', {
    FunctionName: name,
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 1,
  });

  expect((await client.send(new ListTagsCommand({ Resource: arn() }))).Tags).toEqual({ c: '3' });
  const config = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }));
  expect(config).toMatchObject({ FunctionArn: arn('$LATEST'), MaximumRetryAttempts: 1 });
  const { AccountUsage } = await client.send(new GetAccountSettingsCommand({}));
  expect(AccountUsage?.FunctionCount).toBeGreaterThan(0);
});
