import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodeCommitClient,
  CreateRepositoryCommand,
  GetRepositoryCommand,
  paginateListRepositories,
} from '@aws-sdk/client-codecommit';
import { CodePipelineClient, GetPipelineCommand, ListPipelinesCommand } from '@aws-sdk/client-codepipeline';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  paginateListQueues,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareWorld, type ClientSettings } from '../bare-world.ts';
import { refusal, signed, type Unsigned } from './signer.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings & { readonly maxAttempts: number };
beforeAll(async () => {
  open = await bareWorld();
  settings = { ...open.client('222222222222'), maxAttempts: 1 };
});
afterAll(() => open.close());

/** Sends a command with an unmodified client; what it answers, or the error it throws. */
type Ask = () => Promise<unknown>;

/** Of each protocol: a call that succeeds, and one that AWS refuses with an error of its model. */
const clients: readonly (readonly [string, Ask, Ask, string])[] = [
  [
    'JSON 1.1, CodePipeline',
    () => new CodePipelineClient(settings).send(new ListPipelinesCommand({})),
    () => new CodePipelineClient(settings).send(new GetPipelineCommand({ name: 'none' })),
    'PipelineNotFoundException',
  ],
  [
    'JSON 1.1, CodeCommit',
    () => new CodeCommitClient(settings).send(new CreateRepositoryCommand({ repositoryName: 'orders' })),
    () => new CodeCommitClient(settings).send(new GetRepositoryCommand({ repositoryName: 'none' })),
    'RepositoryDoesNotExistException',
  ],
  [
    'JSON 1.1, EventBridge',
    () => new EventBridgeClient(settings).send(new DescribeEventBusCommand({})),
    () => new EventBridgeClient(settings).send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":"x"}' })),
    'InvalidEventPatternException',
  ],
  [
    'JSON 1.0, SQS',
    () => new SQSClient(settings).send(new ListQueuesCommand({})),
    () => new SQSClient(settings).send(new GetQueueUrlCommand({ QueueName: 'none' })),
    'QueueDoesNotExist',
  ],
  [
    'JSON 1.0, DynamoDB',
    () => new DynamoDBClient(settings).send(new ListTablesCommand({})),
    () => new DynamoDBClient(settings).send(new DescribeTableCommand({ TableName: 'none' })),
    'ResourceNotFoundException',
  ],
  [
    'Query, STS',
    () => new STSClient(settings).send(new GetCallerIdentityCommand({})),
    () =>
      new STSClient(settings).send(
        new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::222222222222:role/none', RoleSessionName: 'session' }),
      ),
    'AccessDenied',
  ],
  [
    'Query, SNS',
    () => new SNSClient(settings).send(new ListTopicsCommand({})),
    () =>
      new SNSClient(settings).send(
        new GetTopicAttributesCommand({ TopicArn: 'arn:aws:sns:eu-west-1:222222222222:none' }),
      ),
    'NotFoundException',
  ],
  [
    'REST-JSON, Lambda',
    () => new LambdaClient(settings).send(new ListFunctionsCommand({})),
    () => new LambdaClient(settings).send(new GetFunctionCommand({ FunctionName: 'none' })),
    'ResourceNotFoundException',
  ],
  [
    'REST-XML, S3',
    () => new S3Client(settings).send(new ListBucketsCommand({})),
    () => new S3Client({ ...settings, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'none', Key: 'k' })),
    'NoSuchBucket',
  ],
  [
    'CBOR, CloudWatch',
    () => new CloudWatchClient(settings).send(new DescribeAlarmsCommand({})),
    () =>
      new CloudWatchClient(settings).send(
        new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'x', Value: 1 }] }),
      ),
    'InvalidParameterValueException',
  ],
];

describe.each(clients)('an unmodified client of %s', (_protocol, succeed, fail, name) => {
  test('is answered with a request id', async () => {
    expect(await succeed()).toMatchObject({
      $metadata: { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
  });

  test(`reads ${name} with its message, status and request id`, async () => {
    const error = await fail().catch((each: unknown) => each);

    expect(error).toMatchObject({
      name,
      message: expect.stringMatching(/\w{3}/) as string,
      $metadata: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
    expect((error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode).toBeGreaterThanOrEqual(400);
    expect((error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode).toBeLessThan(500);
  });
});

test('pages are followed to their end, each entry once', async () => {
  const sqs = new SQSClient(settings);
  const names = Array.from({ length: 7 }, (_, index) => `queue-${index}`);
  for (const QueueName of names) await sqs.send(new CreateQueueCommand({ QueueName }));
  const seen: string[] = [];

  for await (const { QueueUrls = [] } of paginateListQueues(
    { client: sqs, pageSize: 3 },
    { QueueNamePrefix: 'queue-' },
  )) {
    expect(QueueUrls.length).toBeLessThanOrEqual(3);
    seen.push(...QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)));
  }

  expect(seen.sort()).toEqual(names);
  const repositories: unknown[] = [];
  for await (const page of paginateListRepositories({ client: new CodeCommitClient(settings) }, {}))
    repositories.push(...(page.repositories ?? []));
  expect(repositories).toHaveLength(1);
});

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const json = (target: string): Record<string, string> => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': target,
});

/** What is not played is refused by its name and never answered as if it had gone well. */
test.each<[string, Unsigned, RegExp, RegExp]>([
  [
    'an operation in JSON',
    { service: 'codepipeline', headers: json('CodePipeline_20150709.PutWebhook'), body: '{}' },
    /UnknownOperationException/,
    /PutWebhook/,
  ],
  [
    'an operation in Query',
    { service: 'sns', headers: form, body: 'Action=CreatePlatformApplication' },
    /InvalidAction/,
    /CreatePlatformApplication/,
  ],
  [
    'an operation in REST-JSON',
    { service: 'lambda', method: 'GET', path: '/2015-03-31/event-source-mappings' },
    /UnknownOperationException/,
    /event-source-mappings/,
  ],
  [
    'an operation in REST-XML',
    { service: 's3', method: 'GET', path: '/bucket', query: { analytics: '', id: 'a' } },
    /NotImplemented/,
    /analytics/,
  ],
  [
    'a sub-resource of an object, which is no object',
    { service: 's3', method: 'PUT', path: '/bucket/key', query: { renameObject: '' }, body: 'x' },
    /NotImplemented/,
    /renameObject/,
  ],
  [
    'a key that is no text',
    { service: 's3', method: 'GET', path: '/bucket/%zz' },
    /InvalidURI/,
    /parse the specified URI/,
  ],
  [
    'an internal operation',
    { service: 'codebuild', headers: json('CodeBuild_20161006.StartBuildForPipeline'), body: '{}' },
    /UnknownOperationException/,
    /StartBuildForPipeline/,
  ],
  ['a service in JSON', { service: 'glue', headers: json('AWSGlue.GetTables'), body: '{}' }, /UnknownService/, /glue/],
  [
    'a service in Query',
    { service: 'rds', headers: form, body: 'Action=DescribeDBInstances' },
    /UnknownService/,
    /rds/,
  ],
  ['a service in REST', { service: 'batch', path: '/v1/describejobs', body: '{}' }, /UnknownService/, /batch/],
  [
    'EC2, whose errors have a document of their own',
    { service: 'ec2', headers: form, body: 'Action=DescribeInstances' },
    /InvalidAction/,
    /^ec2:DescribeInstances is not played/,
  ],
])('what is not played is refused by its name: %s', async (_what, request, code, message) => {
  const { url, init } = signed(settings, request);

  const refused = await refusal(await fetch(url, init));

  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.code).toMatch(code);
  expect(refused.message).toMatch(message);
});

test.each<[string, Unsigned, RegExp]>([
  [
    'JSON that is none',
    { service: 'events', headers: json('AWSEvents.PutEvents'), body: '{"Entries":' },
    /SerializationException/,
  ],
  [
    'JSON of another kind',
    { service: 'events', headers: json('AWSEvents.PutEvents'), body: '[1]' },
    /Validation|Serialization/,
  ],
  [
    'a member of another kind',
    { service: 'events', headers: json('AWSEvents.PutEvents'), body: '{"Entries":"x"}' },
    /Validation|Serialization/,
  ],
  [
    'a form nested too deep',
    { service: 'sns', headers: form, body: `Action=ListTopics&${'a.'.repeat(40)}b=1` },
    /MalformedQueryString/,
  ],
  [
    'a path that is not encoded',
    { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/%25zz%' },
    /InvalidRequest|UnknownOperation|ResourceNotFound|Validation|Signature/,
  ],
])('a malformed body is told as such: %s', async (_what, request, code) => {
  const { url, init } = signed(settings, request);
  const refused = await refusal(await fetch(url, init));

  expect(refused.status).toBeLessThan(500);
  expect(refused.code).toMatch(code);
});
