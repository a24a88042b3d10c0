import { parsePolicy } from '../../languages/iam-policy/parse.ts';
import type { NamedPolicy, PolicyDocument } from '../../languages/iam-policy/types.ts';
import { busNameOf } from './addresses.ts';
import type { Cloud, CloudResource } from './cloud.ts';
import { listIn, objectIn, type Properties, textIn } from './values.ts';

/** A policy and what it hangs on. */
export interface HeldPolicy {
  /** The resource of the template in which the policy stands. */
  readonly written: CloudResource;
  readonly policy: NamedPolicy;
  /** ARNs of the roles, queues, topics, buckets, keys, buses or functions it speaks for. */
  readonly holders: readonly string[];
  readonly kind: 'identity' | 'trust' | 'resource';
}

/** The policies that resources of some types hold, parsed; throws MalformedPolicyDocument for what IAM refuses. */
export const policiesOf = (cloud: Cloud, types: readonly string[]): readonly HeldPolicy[] =>
  types.flatMap((type) => cloud.ofType(type).flatMap((written) => readers[type]?.(written, cloud) ?? []));

/** Types that hold policies, grouped by the service of the ARNs that these are looked up by; those of roles under `iam`. */
export const policyTypes: Readonly<Record<string, readonly string[]>> = {
  iam: ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'],
  events: ['AWS::Events::EventBus', 'AWS::Events::EventBusPolicy'],
  lambda: ['AWS::Lambda::Permission'],
  sqs: ['AWS::SQS::QueuePolicy'],
  sns: ['AWS::SNS::TopicPolicy'],
  s3: ['AWS::S3::BucketPolicy'],
  kms: ['AWS::KMS::Key'],
  logs: ['AWS::Logs::ResourcePolicy'],
};

type Reader = (written: CloudResource, cloud: Cloud) => readonly HeldPolicy[];

const readers: Readonly<Record<string, Reader>> = {
  'AWS::IAM::Role': (role) => [
    held(role, 'trust policy', 'trust', () => role.properties['AssumeRolePolicyDocument'], [role.arn]),
    ...listIn(role.properties['Policies']).map((inline) => {
      const { PolicyName, PolicyDocument } = objectIn(inline);
      return held(role, textIn(PolicyName) ?? 'inline policy', 'identity', () => PolicyDocument, [role.arn]);
    }),
  ],
  'AWS::IAM::Policy': identityPolicy,
  'AWS::IAM::ManagedPolicy': identityPolicy,
  'AWS::IAM::RolePolicy': (written, cloud) => [
    held(
      written,
      written.logicalId,
      'identity',
      () => written.properties['PolicyDocument'],
      roleArns(written, cloud, written.properties['RoleName']),
    ),
  ],
  'AWS::SQS::QueuePolicy': (written) =>
    resourcePolicy(
      written,
      listIn(written.properties['Queues']).map((queue) => queueArnOf(textIn(queue) ?? '')),
    ),
  'AWS::SNS::TopicPolicy': (written) => resourcePolicy(written, texts(written.properties['Topics'])),
  'AWS::S3::BucketPolicy': (written) =>
    resourcePolicy(written, [`arn:aws:s3:::${textIn(written.properties['Bucket']) ?? ''}`]),
  'AWS::KMS::Key': (key) => [held(key, 'key policy', 'resource', () => key.properties['KeyPolicy'], [key.arn])],
  'AWS::Logs::ResourcePolicy': (written) => resourcePolicy(written, []),
  'AWS::Events::EventBus': (bus) =>
    bus.properties['Policy'] === undefined
      ? []
      : [held(bus, 'bus policy', 'resource', () => documentOf(bus.properties['Policy']), [bus.arn])],
  'AWS::Events::EventBusPolicy': (written) => {
    const bus = busArn(written, written.properties['EventBusName']);
    return [
      held(
        written,
        textIn(written.properties['StatementId']) ?? written.logicalId,
        'resource',
        () => documentOf(busStatement(written, bus)),
        [bus],
      ),
    ];
  },
  'AWS::Lambda::Permission': (written, cloud) => {
    const functionArn = functionArnOf(written, cloud);
    return [
      held(written, written.logicalId, 'resource', () => documentOf(permissionStatement(written, functionArn)), [
        functionArn,
      ]),
    ];
  },
};

function held(
  written: CloudResource,
  name: string,
  kind: HeldPolicy['kind'],
  document: () => unknown,
  holders: readonly string[],
): HeldPolicy {
  const read = (): PolicyDocument => {
    const given = document();
    return given === undefined ? { statements: [] } : parsePolicy(given);
  };
  let parsed: NamedPolicy | undefined;
  return {
    ...{ written, kind, holders },
    get policy() {
      parsed ??= {
        name: `${name} (${written.stack}/${written.logicalId})`,
        document: read(),
      };
      return parsed;
    },
  };
}

function identityPolicy(written: CloudResource, cloud: Cloud): readonly HeldPolicy[] {
  const roles = listIn(written.properties['Roles']).flatMap((role) => roleArns(written, cloud, role));
  return [held(written, written.logicalId, 'identity', () => written.properties['PolicyDocument'], roles)];
}

const resourcePolicy = (written: CloudResource, holders: readonly string[]): readonly HeldPolicy[] => [
  held(written, written.logicalId, 'resource', () => written.properties['PolicyDocument'], holders),
];

const documentOf = (policy: unknown): unknown =>
  typeof policy === 'string' || 'Statement' in objectIn(policy) ? policy : { Version: '2012-10-17', Statement: policy };

/** Roles are named without their path, which the ARN holds. */
function roleArns({ account }: CloudResource, cloud: Cloud, name: unknown): readonly string[] {
  const role = cloud.named('AWS::IAM::Role', account, textIn(name) ?? '');
  return role === undefined ? [] : [role.arn];
}

const texts = (value: unknown): readonly string[] => listIn(value).flatMap((item) => textIn(item) ?? []);

/** A queue's ARN from its URL. */
export function queueArnOf(url: string): string {
  const [, region = '', account = '', name = ''] = /^https:\/\/sqs\.([^.]+)\.[^/]+\/(\d+)\/(.+)$/.exec(url) ?? [];
  return name === '' ? url : `arn:aws:sqs:${region}:${account}:${name}`;
}

/** The ARN of a bus that a resource names, in the resource's own account and region unless it says otherwise. */
export function busArn({ account, region }: CloudResource, named: unknown): string {
  const text = textIn(named);
  return text?.startsWith('arn:') === true ? text : `arn:aws:events:${region}:${account}:event-bus/${busNameOf(text)}`;
}

/** The old form of a bus policy names an account, an action and one condition beside each other. */
function busStatement({ properties }: CloudResource, bus: string): unknown {
  if (properties['Statement'] !== undefined) return properties['Statement'];
  const principal = textIn(properties['Principal']) ?? '';
  const { Type = 'StringEquals', Key = 'aws:PrincipalOrgID', Value = '' } = objectIn(properties['Condition']);
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: principal },
    Action: textIn(properties['Action']) ?? 'events:PutEvents',
    Resource: bus,
    ...(properties['Condition'] === undefined ? {} : { Condition: { [String(Type)]: { [String(Key)]: Value } } }),
  };
}

function functionArnOf({ account, region, properties }: CloudResource, cloud: Cloud): string {
  const named = textIn(properties['FunctionName']) ?? '';
  const arn = named.startsWith('arn:') ? named : `arn:aws:lambda:${region}:${account}:function:${named}`;
  return cloud.at(arn)?.arn ?? arn;
}

/** What Lambda makes of a permission. Source: "Working with resource-based IAM policies in Lambda". */
function permissionStatement({ properties }: CloudResource, functionArn: string): Properties {
  const principal = textIn(properties['Principal']) ?? '*';
  const { SourceArn, SourceAccount, PrincipalOrgID } = properties;
  const condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined && PrincipalOrgID === undefined
      ? {}
      : {
          StringEquals: {
            ...(SourceAccount === undefined ? {} : { 'aws:SourceAccount': SourceAccount }),
            ...(PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': PrincipalOrgID }),
          },
        }),
  };
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : principal.includes('.') ? { Service: principal } : { AWS: principal },
    Action: textIn(properties['Action']) ?? 'lambda:InvokeFunction',
    Resource: functionArn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}
