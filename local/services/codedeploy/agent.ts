import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAppspec } from '../../../languages/appspec/parse.ts';
import type { ServerAppspec, ServerEvent } from '../../../languages/appspec/types.ts';
import { call } from '../../world/call.ts';
import type { Credentials } from '../../world/credentials.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { unzip } from '../../world/zip.ts';
import { endProcesses } from '../codebuild/process-tree.ts';
import type { Host } from './hosts.ts';
import { install } from './install.ts';
import { runScript } from './script.ts';
import {
  type Deployment,
  type Diagnostics,
  deployments,
  type Group,
  installed,
  type LifecycleEvent,
} from './tables.ts';

/** The lifecycle events of a server without load balancer, in their order. */
export const serverEvents = [
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
] as const;

const longestTail = 4096;
/** The agent keeps so many revisions of a group; source: CodeDeploy guide, "Agent configuration reference" (max_revisions). */
const keptRevisions = 5;

/** The agent of CodeDeploy on one server, for one deployment. */
export class Agent {
  readonly #world: World;
  readonly #deployment: Deployment;
  readonly #group: Group;
  readonly #host: Host;
  readonly #deploymentRoot: string;
  #identity: { readonly principal: Principal; readonly credentials: Credentials } | undefined;
  #appspec: ServerAppspec | undefined;
  #eTag = '';

  constructor(world: World, deployment: Deployment, group: Group, host: Host) {
    this.#world = world;
    this.#deployment = deployment;
    this.#group = group;
    this.#host = host;
    this.#deploymentRoot = join(host.directory, 'opt/codedeploy-agent/deployment-root', group.id);
    // What scripts leave running ends with the world, or with the server.
    world.live.get(hostKey(host.id), () => ({ close: () => endProcesses(`INSTANCE_ROOT=${host.directory}`) }));
  }

  /** Runs one lifecycle event; a failure is in the answer. */
  async run(name: LifecycleEvent['name']): Promise<Diagnostics> {
    try {
      this.#identity ??= await this.#host.identity();
    } catch (error) {
      return unknown(
        `CodeDeploy agent was not able to receive the lifecycle event. Check the CodeDeploy agent logs on your host and make sure the agent is running and can connect to the CodeDeploy server. (${textOf(error)})`,
      );
    }
    try {
      if (name === 'DownloadBundle') await this.#download();
      else if (name === 'Install') await this.#install();
      else return await this.#hooks(name as ServerEvent);
      return { errorCode: 'Success', scriptName: '', message: 'Succeeded', logTail: '' };
    } catch (error) {
      return unknown(textOf(error));
    }
  }

  /** Remembers this revision as the one whose ApplicationStop comes next time, and drops those that nothing needs any more. */
  async succeed(): Promise<void> {
    this.#world.store.in(installed).put(this.#key, this.#deployment.id);
    const kept = await readdir(this.#deploymentRoot);
    const all = this.#world.store.in(deployments).where(({ id }) => kept.includes(id));
    for (const { id } of all.slice(0, -keptRevisions).filter((row) => row.id !== this.#deployment.id))
      await rm(join(this.#deploymentRoot, id), { recursive: true, force: true });
  }

  get #key(): string {
    return `${this.#group.id}/${this.#host.id}`;
  }

  #archive(deploymentId: string): string {
    return join(this.#deploymentRoot, deploymentId, 'deployment-archive');
  }

  async #download(): Promise<void> {
    const { revision, account, region, cause, id } = this.#deployment;
    if (revision.type !== 'S3') throw new Error('the revision does not lie in S3');
    const caller = this.#identity?.principal ?? { type: 'anonymous' as const };
    const input = { Bucket: revision.bucket, Key: revision.key, VersionId: revision.version };
    const { Body, ETag } = await call<{ Body: Buffer; ETag: string }>(this.#world, {
      caller,
      account,
      region,
      cause,
      service: 's3',
      operation: 'GetObject',
      input,
    });
    if (revision.eTag !== undefined && revision.eTag.replaceAll('"', '') !== ETag.replaceAll('"', ''))
      throw new Error(`Expected deployment artifact bundle etag ${revision.eTag} but was actually ${ETag}`);
    this.#eTag = ETag.replaceAll('"', '');
    const archive = this.#archive(id);
    await rm(archive, { recursive: true, force: true });
    await mkdir(archive, { recursive: true });
    await unzip(Body, archive);
    this.#appspec = await readAppspec(archive);
  }

  async #install(): Promise<void> {
    const appspec = this.#appspec;
    if (appspec === undefined) throw new Error('the revision was not downloaded');
    const { fileExistsBehavior, id } = this.#deployment;
    await install(this.#world, {
      root: this.#host.directory,
      archive: this.#archive(id),
      appspec,
      existing: appspec.fileExistsBehavior === 'DISALLOW' ? fileExistsBehavior : appspec.fileExistsBehavior,
      key: this.#key,
    });
  }

  /** ApplicationStop comes from the revision that was deployed successfully before; there is none the first time. */
  async #hooks(name: ServerEvent): Promise<Diagnostics> {
    const before = this.#world.store.in(installed).get(this.#key);
    const ofEarlier = name === 'ApplicationStop';
    const archive = this.#archive(ofEarlier ? (before ?? '') : this.#deployment.id);
    const appspec = ofEarlier ? (before === undefined ? undefined : await readAppspec(archive)) : this.#appspec;
    let log: readonly string[] = [`LifecycleEvent - ${name}`];
    for (const script of appspec?.hooks[name] ?? []) {
      const ended = await runScript(this.#world, script, {
        archive,
        directory: join(this.#host.directory, 'opt/codedeploy-agent'),
        scratch: join(this.#deploymentRoot, this.#deployment.id, 'output'),
        environment: this.#environment(name),
      });
      const added = [`Script - ${script.location}`, ...ended.lines];
      await this.#log(name, log.length === 1 ? [...log, ...added] : added);
      log = [...log, ...added];
      const { errorCode, message } = ended;
      if (errorCode !== 'Success')
        return { errorCode, message, scriptName: script.location, logTail: log.join('\n').slice(-longestTail) };
    }
    const logTail = log.length === 1 ? '' : log.join('\n').slice(-longestTail);
    return { errorCode: 'Success', scriptName: '', message: 'Succeeded', logTail };
  }

  async #log(event: string, lines: readonly string[]): Promise<void> {
    const { account, region, cause, id } = this.#deployment;
    const directory = join(this.#deploymentRoot, id, 'logs');
    await mkdir(directory, { recursive: true });
    await appendFile(join(directory, 'scripts.log'), lines.map((line) => `${line}\n`).join(''));
    for (const line of lines.slice(0, 500)) {
      const text = `${this.#host.id} ${event}: ${line.slice(0, 2000)}`;
      this.#world.journal.write({ kind: 'log', cause, account, region, subject: this.#host.arn, text });
    }
  }

  #environment(event: string): Readonly<Record<string, string>> {
    const { application, id, group, region, revision } = this.#deployment;
    const keys = this.#identity?.credentials;
    return {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: join(this.#host.directory, 'root'),
      INSTANCE_ROOT: this.#host.directory,
      APPLICATION_NAME: application,
      DEPLOYMENT_ID: id,
      DEPLOYMENT_GROUP_NAME: group,
      DEPLOYMENT_GROUP_ID: this.#group.id,
      LIFECYCLE_EVENT: event,
      ...(revision.type === 'S3'
        ? {
            BUNDLE_BUCKET: revision.bucket,
            BUNDLE_KEY: revision.key,
            BUNDLE_VERSION: revision.version ?? '',
            BUNDLE_ETAG: this.#eTag,
          }
        : {}),
      AWS_ACCESS_KEY_ID: keys?.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: keys?.secretAccessKey ?? '',
      AWS_SESSION_TOKEN: keys?.sessionToken ?? '',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: this.#world.endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: '127.0.0.1',
    };
  }
}

/** Names what runs on a server. */
export const hostKey = (id: string): string => `codedeploy/host/${id}`;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const unknown = (message: string): Diagnostics => ({ errorCode: 'UnknownError', scriptName: '', message, logTail: '' });

async function readAppspec(archive: string): Promise<ServerAppspec> {
  const file = ['appspec.yml', 'appspec.yaml'].map((name) => join(archive, name)).find((path) => existsSync(path));
  if (file === undefined)
    throw new Error(
      `The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path "appspec.yml". The revision was unpacked to directory "${archive}", and the AppSpec file was expected but not found at path "${archive}/appspec.yml". Consult the AppSpec Reference documentation for more information at http://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html`,
    );
  const read = parseAppspec(await readFile(file, 'utf8'), 'Server');
  if (read.platform !== 'Server') throw new Error('the AppSpec file is not for a server');
  return read;
}
