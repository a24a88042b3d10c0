import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, type Build, CodeBuildClient } from '@aws-sdk/client-codebuild';
import { ZipFile } from 'yazl';
import { administrator } from '../../local/accounts.ts';
import { type BuildOutcome, buildEnd } from '../../local/services/codebuild/running.ts';
import { call } from '../../local/world/call.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

/** Where the project is. */
export const account = '111111111111';
export const region = 'eu-west-1';
export const bucket = 'artifacts-of-orders';
const logGroup = '/builds/orders';

/** What the project's role may do unless a test takes something away. */
export const needed = [
  's3:GetObject',
  's3:PutObject',
  'ssm:GetParameters',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];

/** A build to be run: its buildspec as text, the other files of its source, and members of StartBuild. */
export interface BuildOrder {
  readonly buildspec: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: object;
}

/** A build that ended, with what it left behind. */
export interface EndedBuild extends BuildOutcome {
  readonly build: Build;
  readonly lines: readonly string[];
}

/** A world with one project `orders`, its role, bucket and log group. */
export interface BuildWorld extends EventsWorld {
  readonly builds: CodeBuildClient;
  readonly projectArn: string;
  /** Gives the role exactly these actions, on everything. */
  allow(actions: readonly string[]): Promise<void>;
  /** Starts a build as an action of the pipeline `orders-dev` does, and answers its id. */
  start(order: BuildOrder): Promise<string>;
  end(id: string): Promise<EndedBuild>;
  run(order: BuildOrder): Promise<EndedBuild>;
  /** Puts files into the bucket as a zip; answers `<bucket>/<key>`. */
  zipped(files: Readonly<Record<string, string>>): Promise<string>;
  /** An object of the bucket. */
  object(key: string): Promise<Buffer>;
}

/** Opens the world; `project` overrides properties of the project. */
export async function buildWorld(project: object = {}): Promise<BuildWorld> {
  const cloud = await eventsWorld();
  const { world } = cloud;
  const settings = cloud.client(account);
  const builds = new CodeBuildClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const projectArn = await placeProject(cloud, project);
  const admin = { caller: administrator(world, account), account, region };
  let count = 0;
  const zipped = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const Key = `source-${count++}.zip`;
    const Body = await zipOf(files);
    await call(world, { ...admin, service: 's3', operation: 'PutObject', input: { Bucket: bucket, Key, Body } });
    return `${bucket}/${Key}`;
  };
  const start = async ({ buildspec, files = {}, input = {} }: BuildOrder): Promise<string> => {
    const source = {
      sourceTypeOverride: 'S3',
      sourceLocationOverride: await zipped({ 'buildspec.yml': buildspec, ...files }),
    };
    const { build } = await call<{ build: { id: string } }>(world, {
      ...admin,
      service: 'codebuild',
      operation: 'StartBuildForPipeline',
      input: { projectName: 'orders', pipeline: 'orders-dev', ...source, ...input },
    });
    return build.id;
  };
  const end = async (id: string): Promise<EndedBuild> => {
    const outcome = await buildEnd(world, id);
    const [build] = (await builds.send(new BatchGetBuildsCommand({ ids: [id] }))).builds ?? [];
    const read = new GetLogEventsCommand({
      logGroupName: outcome.logGroup,
      logStreamName: outcome.logStream,
      startFromHead: true,
    });
    const lines = await logs.send(read).then(
      ({ events }) => events?.map(({ message }) => message ?? '') ?? [],
      () => [],
    );
    return { ...outcome, build: build as Build, lines };
  };
  return {
    ...cloud,
    builds,
    start,
    zipped,
    end,
    projectArn,
    allow: (actions) => allow(cloud, actions),
    run: async (order) => end(await start(order)),
    object: async (Key) => {
      const input = { Bucket: bucket, Key };
      return (await call<{ Body: Buffer }>(world, { ...admin, service: 's3', operation: 'GetObject', input })).Body;
    },
    close: async () => {
      builds.destroy();
      logs.destroy();
      await cloud.close();
    },
  };
}

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

async function allow(cloud: EventsWorld, actions: readonly string[]): Promise<void> {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  await cloud.place(account, 'AWS::IAM::Policy', {
    PolicyName: 'builds',
    Roles: ['orders-build'],
    PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
  });
}

async function placeProject(cloud: EventsWorld, overrides: object): Promise<string> {
  await cloud.place(account, 'AWS::S3::Bucket', { BucketName: bucket });
  const role = await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: 'orders-build',
    AssumeRolePolicyDocument: trust,
  });
  await allow(cloud, needed);
  const { attributes } = await cloud.place(account, 'AWS::CodeBuild::Project', {
    Name: 'orders',
    ServiceRole: role.attributes['Arn'],
    Artifacts: { Type: 'CODEPIPELINE' },
    Source: { Type: 'CODEPIPELINE', BuildSpec: 'buildspec.yml' },
    Environment: {
      Type: 'LINUX_CONTAINER',
      ComputeType: 'BUILD_GENERAL1_SMALL',
      Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
    },
    TimeoutInMinutes: 15,
    LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: logGroup } },
    ...overrides,
  });
  return String(attributes['Arn']);
}

/** A buildspec whose build phase runs these commands. */
export const building = (...commands: string[]): string =>
  JSON.stringify({ version: '0.2', phases: { build: { commands } } });

/** A buildspec of version 0.2. */
export const spec = (rest: object): string => JSON.stringify({ version: '0.2', ...rest });

/** The lines that the commands printed, without what CodeBuild says itself. */
export const printed = ({ lines }: { lines: readonly string[] }): readonly string[] =>
  lines.filter((line) => !line.startsWith('[Container]'));

/** An output of a build, put into the bucket as `<name>.zip`. */
export const artifact = (name: string) => ({
  artifactIdentifier: name,
  type: 'S3',
  location: bucket,
  name: `${name}.zip`,
  packaging: 'ZIP',
});

/** A zip of texts by path. */
export async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
