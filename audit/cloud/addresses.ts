import { type Properties, textIn } from './values.ts';

/** Where a resource will lie. */
export interface Place {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** How resources of a type are called. Source: "Return values" of each type in the CloudFormation guide. */
interface Addressing {
  /** The property that holds the physical name; without it AWS makes one up. */
  readonly name?: string;
  readonly arn: (name: string, place: Place, properties: Properties) => string;
  /** What `Ref` gives; the name unless said otherwise. */
  readonly ref?: 'arn' | 'url';
}

const regional =
  (service: string, before = '') =>
  (name: string, { account, region }: Place): string =>
    `arn:aws:${service}:${region}:${account}:${before}${name}`;

/** The bus of a rule, archive or policy by its name or ARN; `default` when none is said. */
export function busNameOf(value: unknown): string {
  const text = textIn(value) ?? 'default';
  return text.startsWith('arn:') ? text.slice(text.indexOf('event-bus/') + 'event-bus/'.length) : text;
}

const ruleArn = (name: string, { account, region }: Place, properties: Properties): string => {
  const bus = busNameOf(properties['EventBusName']);
  return `arn:aws:events:${region}:${account}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;
};

const scheduleArn = (name: string, { account, region }: Place, properties: Properties): string =>
  `arn:aws:scheduler:${region}:${account}:schedule/${textIn(properties['GroupName']) ?? 'default'}/${name}`;

const iamArn =
  (kind: string) =>
  (name: string, { account }: Place, properties: Properties): string =>
    `arn:aws:iam::${account}:${kind}${textIn(properties['Path']) ?? '/'}${name}`;

const addressings: Readonly<Record<string, Addressing>> = {
  'AWS::CloudWatch::Alarm': { name: 'AlarmName', arn: regional('cloudwatch', 'alarm:') },
  'AWS::CodeBuild::Project': { name: 'Name', arn: regional('codebuild', 'project/') },
  'AWS::CodeCommit::Repository': { name: 'RepositoryName', arn: regional('codecommit') },
  'AWS::CodePipeline::Pipeline': { name: 'Name', arn: regional('codepipeline') },
  'AWS::DynamoDB::Table': { name: 'TableName', arn: regional('dynamodb', 'table/') },
  'AWS::Events::Archive': { name: 'ArchiveName', arn: regional('events', 'archive/') },
  'AWS::Events::EventBus': { name: 'Name', arn: regional('events', 'event-bus/') },
  'AWS::Events::Rule': { name: 'Name', arn: ruleArn },
  'AWS::IAM::ManagedPolicy': { name: 'ManagedPolicyName', arn: iamArn('policy'), ref: 'arn' },
  'AWS::IAM::Role': { name: 'RoleName', arn: iamArn('role') },
  'AWS::KMS::Key': { arn: regional('kms', 'key/') },
  'AWS::Lambda::Function': { name: 'FunctionName', arn: regional('lambda', 'function:') },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: (name, place) => `${regional('logs', 'log-group:')(name, place)}:*`,
  },
  'AWS::S3::Bucket': { name: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SNS::Topic': { name: 'TopicName', arn: regional('sns'), ref: 'arn' },
  'AWS::SQS::Queue': { name: 'QueueName', arn: regional('sqs'), ref: 'url' },
  'AWS::Scheduler::Schedule': { name: 'Name', arn: scheduleArn },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    arn: regional('states', 'stateMachine:'),
    ref: 'arn',
  },
};

const unknownAddressing = (type: string): Addressing => ({
  name: 'Name',
  arn: regional((type.split('::')[1] ?? 'unknown').toLowerCase()),
});

/** How resources of a type are called; one that is not in the table gets an ARN of its service and its name. */
export const addressingOf = (type: string): Addressing =>
  Object.hasOwn(addressings, type) ? (addressings[type] as Addressing) : unknownAddressing(type);

/** The properties that make up a name or an ARN. */
export const addressProperties = ['EventBusName', 'GroupName', 'Path'] as const;

/** What `Ref` of a resource gives. */
export function refOf(type: string, name: string, arn: string, { account, region }: Place): string {
  const { ref } = addressingOf(type);
  if (ref === 'arn') return arn;
  return ref === 'url' ? `https://sqs.${region}.amazonaws.com/${account}/${name}` : name;
}
