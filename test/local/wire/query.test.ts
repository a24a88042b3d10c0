import { afterAll, beforeAll, expect, test } from 'vitest';
import { stackEnd } from '../../../local/services/cloudformation/running.ts';
import { bareWorld, type ClientSettings } from '../bare-world.ts';
import { signed } from './signer.ts';

// CloudFormation speaks nothing but Query, and its client is not among the packages: requests are written as the CDK CLI, boto3 and the
// AWS CLI write them, and answers are read as they read them. Source: the service model of CloudFormation, protocol `query`.

const account = '222222222222';
const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client(account);
});
afterAll(() => open.close());

/** Posts a form and answers the document, with its type and status. */
async function post(form: Readonly<Record<string, string>>) {
  const { url, init } = signed(settings, {
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Version: '2010-05-15', ...form }).toString(),
  });
  const answer = await fetch(url, init);
  const { status, headers } = answer;
  return { status, type: headers.get('content-type'), id: headers.get('x-amzn-requestid'), xml: await answer.text() };
}

const template = JSON.stringify({
  Parameters: { Name: { Type: 'String' }, Days: { Type: 'Number' } },
  Resources: {
    Group: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: { Ref: 'Name' }, RetentionInDays: { Ref: 'Days' } },
    },
  },
  Outputs: {
    Hostile: { Value: '<b>&"\u0007', Description: 'text' },
    Group: { Value: { 'Fn::GetAtt': ['Group', 'Arn'] } },
  },
});

test('a stack is created by a form of lists and structures, and read in a document of CloudFormation', async () => {
  const created = await post({
    Action: 'CreateStack',
    StackName: 'orders',
    TemplateBody: template,
    'Parameters.member.1.ParameterKey': 'Name',
    'Parameters.member.1.ParameterValue': '/by/form',
    'Parameters.member.2.ParameterKey': 'Days',
    'Parameters.member.2.ParameterValue': '7',
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'a b&c=d+e',
    'Capabilities.member.1': 'CAPABILITY_IAM',
    DisableRollback: 'true',
  });
  await stackEnd(open.world, { account, region: settings.region, stackName: 'orders' });
  const arn = new RegExp(`^arn:aws:cloudformation:eu-west-1:${account}:stack/orders/[0-9a-f-]{36}$`);

  expect(created).toMatchObject({ status: 200, type: 'text/xml' });
  const [, made, requestId] =
    new RegExp(
      `^<CreateStackResponse xmlns="${namespace}"><CreateStackResult><StackId>([^<]+)</StackId></CreateStackResult><ResponseMetadata><RequestId>([^<]+)</RequestId></ResponseMetadata></CreateStackResponse>$`,
    ).exec(created.xml) ?? [];
  expect(made).toMatch(arn);
  expect(requestId).toBe(created.id);
  const { xml } = await post({ Action: 'DescribeStacks', StackName: 'orders' });
  for (const part of [
    '<Stacks><member>',
    '<StackStatus>CREATE_COMPLETE</StackStatus>',
    '<member><ParameterKey>Name</ParameterKey><ParameterValue>/by/form</ParameterValue></member>',
    '<Tags><member><Key>team</Key><Value>a b&amp;c=d+e</Value></member></Tags>',
    '<OutputValue>&lt;b&gt;&amp;&quot;\ufffd</OutputValue>',
    `<OutputValue>arn:aws:logs:eu-west-1:${account}:log-group:/by/form:*</OutputValue>`,
  ])
    expect(xml).toContain(part);
  expect(xml).toMatch(/<CreationTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z<\/CreationTime>/);
});

test('lists without entries are empty elements, and members without a value are left out', async () => {
  const { xml } = await post({ Action: 'ListExports' });

  expect(xml).toContain(
    `<ListExportsResponse xmlns="${namespace}"><ListExportsResult><Exports></Exports></ListExportsResult>`,
  );
  expect(xml).not.toContain('NextToken');
});

test.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
  [
    'a stack that is not there',
    { Action: 'DescribeStacks', StackName: 'none' },
    'ValidationError',
    /^Stack with id none does not exist$/,
  ],
  ['a member that is missing', { Action: 'CreateStack', TemplateBody: '{}' }, 'ValidationError', /[Ss]tackName/],
  ['an operation that is not', { Action: 'CreateStackSet', StackSetName: 'x' }, 'InvalidAction', /CreateStackSet/],
  [
    'hostile text',
    { Action: 'DescribeStacks', StackName: '</Message><Code>x' },
    'ValidationError',
    /&lt;\/Message&gt;|constraint|not exist/,
  ],
  [
    'a stack that is there already',
    { Action: 'CreateStack', StackName: 'orders', TemplateBody: template },
    'AlreadyExistsException',
    /orders/,
  ],
  [
    'a change set that is not there',
    { Action: 'DescribeChangeSet', ChangeSetName: 'none', StackName: 'orders' },
    'ChangeSetNotFound',
    /none/,
  ],
])('a refusal is a document of errors: %s', async (_what, form, code, message) => {
  const refused = await post(form);

  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused).toMatchObject({ type: 'text/xml' });
  const [, type, found, text, id] =
    new RegExp(
      `^<ErrorResponse xmlns="${namespace}"><Error><Type>(\\w+)</Type><Code>([^<]+)</Code><Message>([^<]+)</Message></Error><RequestId>([^<]+)</RequestId></ErrorResponse>$`,
    ).exec(refused.xml) ?? [];
  expect([type, found, id]).toEqual([refused.status < 500 ? 'Sender' : 'Receiver', code, refused.id]);
  expect(text).toMatch(message);
});
