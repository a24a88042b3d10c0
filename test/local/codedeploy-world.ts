import { administrator } from '../../local/accounts.ts';
import { findCourse } from '../../local/services/codedeploy/course.ts';
import { instances } from '../../local/services/ec2/tables.ts';
import { call } from '../../local/world/call.ts';
import { zipOf } from './codebuild-world.ts';
import { signedPost } from './events-signed.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

/** The account and region of these tests. */
export const account = '111111111111';
const region = 'eu-west-1';
/** Where revisions lie. */
export const bucket = 'revisions-of-orders';
/** The roles that are placed. */
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A deployment as GetDeployment shows it, as far as the tests ask. */
export interface SeenDeployment {
  readonly status: string;
  readonly creator: string;
  readonly errorInformation?: { readonly code: string; readonly message: string };
  readonly deploymentOverview: Readonly<Record<string, number>>;
  readonly rollbackInfo: { readonly rollbackDeploymentId?: string; readonly rollbackTriggeringDeploymentId?: string };
  readonly revision: { readonly s3Location?: { readonly key: string } };
}

/** A lifecycle event as GetDeploymentTarget shows it. */
export interface SeenEvent {
  readonly lifecycleEventName: string;
  readonly status: string;
  readonly diagnostics?: {
    readonly errorCode: string;
    readonly scriptName: string;
    readonly message: string;
    readonly logTail: string;
  };
}

/** A refusal with AWS's code. */
export class Refused extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** A world with roles and a bucket, and CodeDeploy spoken to over the wire. */
export interface DeployWorld extends EventsWorld {
  /** One API call of CodeDeploy. */
  ask<Answer = Record<string, unknown>>(operation: string, input: object): Promise<Answer>;
  /** Puts a revision into the bucket; answers the API's revision. */
  revision(files: Readonly<Record<string, string>>): Promise<object>;
  /** Makes servers tagged `app=<name>`; answers their ids and directories. */
  servers(name: string, count: number): Promise<readonly { readonly id: string; readonly directory: string }[]>;
  /** Starts a deployment and waits for its end, and that of its rollback. */
  deploy(input: object): Promise<{ readonly id: string; readonly seen: SeenDeployment }>;
  seen(id: string): Promise<SeenDeployment>;
  ended(id: string): Promise<SeenDeployment>;
  events(id: string, target: string): Promise<readonly SeenEvent[]>;
  /** The details of CodeDeploy's events on the default bus. */
  announced(): readonly { readonly type: string; readonly detail: Readonly<Record<string, string>> }[];
}

const allow = (...Action: readonly string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

/** Opens the world. */
export async function deployWorld(): Promise<DeployWorld> {
  const cloud = await eventsWorld();
  const { world } = cloud;
  const admin = { caller: administrator(world, account), account, region };
  await cloud.place(account, 'AWS::S3::Bucket', { BucketName: bucket });
  await role(cloud, 'deployer', 'codedeploy.amazonaws.com', [
    allow('ec2:DescribeInstances', 'cloudwatch:DescribeAlarms', 'lambda:*'),
  ]);
  await role(cloud, 'server', 'ec2.amazonaws.com', [allow('s3:GetObject')]);
  await role(cloud, 'function', 'lambda.amazonaws.com', []);
  await cloud.place(account, 'AWS::IAM::InstanceProfile', { InstanceProfileName: 'server', Roles: ['server'] });
  let count = 0;
  const ask = async <Answer>(operation: string, input: object): Promise<Answer> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `CodeDeploy_20141006.${operation}`,
    };
    const settings = cloud.client(account);
    const body = JSON.stringify(input);
    const ahead = world.clock.aheadMilliseconds;
    const answer = await signedPost(`${world.endpoint}/`, 'codedeploy', settings, headers, body, ahead);
    const read = (await answer.json()) as { __type?: string; message?: string };
    if (!answer.ok) throw new Refused(read.__type ?? '', read.message ?? '');
    return read as Answer;
  };
  const seen = async (deploymentId: string) =>
    (await ask<{ deploymentInfo: SeenDeployment }>('GetDeployment', { deploymentId })).deploymentInfo;
  const ended = async (id: string) => {
    await findCourse(world, id)?.ended;
    return seen(id);
  };
  return {
    ...cloud,
    ask,
    seen,
    ended,
    revision: async (files) => {
      const Key = `revision-${count++}.zip`;
      const input = { Bucket: bucket, Key, Body: await zipOf(files) };
      await call(world, { ...admin, service: 's3', operation: 'PutObject', input });
      return { revisionType: 'S3', s3Location: { bucket, key: Key, bundleType: 'zip' } };
    },
    servers: async (name, wanted) => {
      const made = [];
      for (let index = 0; index < wanted; index++) {
        const { physicalId: id } = await cloud.place(account, 'AWS::EC2::Instance', {
          ImageId: 'ami-1',
          IamInstanceProfile: 'server',
          Tags: [{ Key: 'app', Value: name }],
        });
        made.push({ id, directory: world.store.in(instances).get(id)?.directory ?? '' });
      }
      return made;
    },
    deploy: async (input) => {
      const { deploymentId: id } = await ask<{ deploymentId: string }>('CreateDeployment', input);
      const first = await ended(id);
      const rollback = first.rollbackInfo.rollbackDeploymentId;
      if (rollback !== undefined) await ended(rollback);
      return { id, seen: first };
    },
    events: async (deploymentId, targetId) => {
      const { deploymentTarget } = await ask<{
        deploymentTarget: Record<
          'instanceTarget' | 'lambdaTarget',
          { lifecycleEvents: readonly SeenEvent[] } | undefined
        >;
      }>('GetDeploymentTarget', { deploymentId, targetId });
      return (deploymentTarget.instanceTarget ?? deploymentTarget.lambdaTarget)?.lifecycleEvents ?? [];
    },
    announced: () =>
      world.journal.entries
        .filter(({ kind }) => kind === 'event')
        .map(({ detail }) => (detail as { event: Told }).event)
        .filter(({ source }) => source === 'aws.codedeploy')
        .map((event) => ({ type: event['detail-type'], detail: event.detail })),
  };
}

interface Told {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, string>>;
}

async function role(cloud: EventsWorld, name: string, service: string, statements: readonly object[]): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  const policy = { PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: statements } };
  await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: name,
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    ...(statements.length === 0 ? {} : { Policies: [policy] }),
  });
}

/** An appspec of hooks that are one script each, and the scripts. */
export function revisionOf(
  scripts: Readonly<Record<string, string>>,
  more: {
    readonly files?: Readonly<Record<string, string>>;
    readonly appspec?: object;
    readonly timeout?: number;
  } = {},
): Readonly<Record<string, string>> {
  const hooks = Object.fromEntries(
    Object.keys(scripts).map((event) => [event, [{ location: `scripts/${event}.sh`, timeout: more.timeout ?? 60 }]]),
  );
  const files = Object.entries(scripts).map(([event, text]) => [`scripts/${event}.sh`, `#!/bin/sh\n${text}\n`]);
  const appspec = { version: '0.0', os: 'linux', hooks, ...more.appspec };
  return { 'appspec.yml': JSON.stringify(appspec), ...Object.fromEntries(files), ...more.files } as Record<
    string,
    string
  >;
}
