import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBuildspec } from '../../../languages/buildspec/parse.ts';
import type { Artifacts, Buildspec } from '../../../languages/buildspec/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { unzip } from '../../world/zip.ts';
import { assumeRole, type Session } from '../sts/assume.ts';
import { environmentOf } from './environment.ts';
import { BuildLog } from './log.ts';
import { zipArtifact } from './outputs.ts';
import { runPhases } from './phases.ts';
import { BuildRecord } from './record.ts';
import type { RunningBuild } from './running.ts';
import { Shell } from './shell.ts';
import { type Build, builds, type OutputPlace } from './tables.ts';

/** Runs a build that is recorded; it ends by itself, by time-out or by `halt`. Its directory and its processes end with it. */
export function runBuild(world: World, id: string): RunningBuild {
  const build = world.store.in(builds).get(id) as Build;
  const record = new BuildRecord(world, id);
  let shell: Shell | undefined;
  let halted: 'STOPPED' | 'TIMED_OUT' | undefined;
  const halt = (status: 'STOPPED' | 'TIMED_OUT') => {
    halted ??= status;
    shell?.kill();
  };
  const minutes = build.project.timeoutMinutes;
  const timer = world.clock.after(minutes * 60_000, () => halt('TIMED_OUT'));
  const directory = join(world.directory, 'builds', id.replace(/[^\w-]/g, '-'));
  const work = async (): Promise<void> => {
    try {
      const failure = await perform(world, build, directory, record, (opened) => {
        shell = opened;
        if (halted !== undefined) opened.kill();
      });
      if (halted !== undefined)
        record.end(
          halted,
          halted === 'TIMED_OUT' ? `the build took longer than ${minutes} minutes` : 'the build was stopped',
        );
      else record.end(failure === undefined ? 'SUCCEEDED' : 'FAILED', failure);
    } catch (error) {
      if (halted !== undefined) record.end(halted, 'the build was stopped');
      else record.end(isOurs(error) ? 'FAILED' : 'FAULT', reasonOf(error));
    } finally {
      timer.cancel();
      shell?.kill();
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  return { ended: work(), halt, close: () => halt('STOPPED') };
}

const isOurs = (error: unknown): boolean => error instanceof AwsError || error instanceof Fault;

const reasonOf = (error: unknown): string =>
  error instanceof Fault
    ? error.message
    : error instanceof AwsError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);

async function perform(
  world: World,
  build: Build,
  directory: string,
  record: BuildRecord,
  opened: (shell: Shell) => void,
): Promise<string | undefined> {
  const { account, region, arn, roleArn } = build.project;
  const service = {
    type: 'service' as const,
    service: 'codebuild.amazonaws.com',
    sourceArn: arn,
    sourceAccount: account,
  };
  const session = await assumeRole(world, {
    account,
    region,
    cause: build.cause,
    caller: service,
    roleArn,
    sessionName: `AWSCodeBuild-${build.id.split(':')[1] ?? ''}`.slice(0, 64),
  });
  const log = await BuildLog.open(world, build, session);
  const source = join(directory, 'src');
  for (const folder of [source, join(directory, 'home'), join(directory, 'tmp'), join(directory, 'scratch')])
    await mkdir(folder, { recursive: true });
  record.begin('DOWNLOAD_SOURCE');
  await download(world, build, session, source);
  record.finish('DOWNLOAD_SOURCE');
  const buildspec = await readBuildspec(build, source);
  const environment = await environmentOf(world, build, buildspec, session, directory);
  const program = buildspec.env.shell?.includes('bash') ? 'bash' : 'sh';
  const shell = new Shell({
    program,
    directory: source,
    scratch: join(directory, 'scratch'),
    environment,
    onLine: (line) => log.line(line),
  });
  opened(shell);
  const failure = await runPhases(buildspec, shell, {
    begin: (phase) => record.begin(phase.toUpperCase()),
    end: (phase, failed) => record.finish(phase.toUpperCase(), failed),
    line: (line) => log.line(line),
  });
  if (failure !== undefined) log.line(`[Container] ${failure}`);
  record.exported(await exportedVariables(shell, buildspec, join(directory, 'scratch')));
  if (failure !== undefined) return failure;
  record.begin('UPLOAD_ARTIFACTS');
  await upload(world, build, session, source, buildspec.artifacts);
  record.finish('UPLOAD_ARTIFACTS');
  return undefined;
}

async function download(
  world: World,
  { source, project, cause }: Build,
  session: Session,
  into: string,
): Promise<void> {
  if (source === undefined) return;
  const { Body } = await call<{ Body: Buffer }>(world, {
    caller: session.principal,
    account: project.account,
    region: project.region,
    cause,
    service: 's3',
    operation: 'GetObject',
    input: { Bucket: source.bucket, Key: source.key },
  });
  await unzip(Body, into);
}

/** The buildspec's text stands in the project, or in the source at a path that the project names. */
async function readBuildspec({ project }: Build, source: string): Promise<Buildspec> {
  if (/[\n{]/.test(project.buildspec)) return parseBuildspec(project.buildspec, 'the buildspec of the project');
  const file = join(source, project.buildspec);
  if (!file.startsWith(source) || !existsSync(file))
    throw new AwsError(
      'YAML_FILE_ERROR',
      `the source holds no file ${project.buildspec}: add it, or name another in the build step`,
    );
  return parseBuildspec(await readFile(file, 'utf8'), project.buildspec);
}

async function exportedVariables(shell: Shell, { env }: Buildspec, scratch: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of env.exportedVariables.filter((each) => /^\w+$/.test(each) && !each.startsWith('AWS_'))) {
    const file = join(scratch, `exported-${name}`);
    const status = await shell.run(`printf '%s' "\${${name}-}" > '${file}'`);
    if (status === 0) values[name] = await readFile(file, 'utf8');
  }
  return values;
}

async function upload(
  world: World,
  build: Build,
  session: Session,
  source: string,
  artifacts: Artifacts | undefined,
): Promise<void> {
  const [first] = build.outputs;
  for (const output of build.outputs) {
    const wanted =
      build.outputs.length === 1 && output === first ? artifacts?.primary : artifacts?.secondary[output.identifier];
    if (wanted === undefined)
      throw new AwsError(
        'CLIENT_ERROR',
        `the buildspec declares no artifact '${output.identifier}', which the pipeline expects`,
      );
    await put(world, build, session, output, await zipArtifact(source, wanted));
  }
}

async function put(
  world: World,
  { project, keyArn, cause }: Build,
  session: Session,
  { bucket, key }: OutputPlace,
  content: Buffer,
): Promise<void> {
  const encryption = keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
  await call(world, {
    caller: session.principal,
    account: project.account,
    region: project.region,
    cause,
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: bucket, Key: key, Body: content, ContentType: 'application/zip', ...encryption },
  });
}
