import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Buildspec } from '../../../languages/buildspec/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { openCache } from './cache-run.ts';
import { type BuildSurroundings, environmentOf } from './environment.ts';
import { keepFailed } from './keep-failed.ts';
import { BuildLog } from './log.ts';
import { type PhaseFailure, runPhases } from './phases.ts';
import { BuildRecord } from './record.ts';
import { removeDirectory } from './remove-directory.ts';
import { makeReports } from './report-run.ts';
import { assumeBuildRole, roleCall } from './role-call.ts';
import type { RunningBuild } from './running.ts';
import { Shell } from './shell.ts';
import { download, readBuildspec, unplayedParts } from './source.ts';
import { type Build, builds } from './tables.ts';
import { upload } from './upload.ts';

/** A build on its way. */
interface Run {
  readonly world: World;
  readonly build: Build;
  readonly record: BuildRecord;
  /** All that the build writes lies here; it goes with the build. */
  readonly directory: string;
  shell?: Shell;
  surroundings?: BuildSurroundings;
  halted?: 'STOPPED' | 'TIMED_OUT';
}

/** A step that failed by the project's, the role's or the buildspec's doing; the message says which step. */
class StepFailed extends Error {}

/** Runs a build that is recorded; it ends by itself, by time-out or by `halt`. Its directory and its processes end with it. */
export function runBuild(world: World, id: string): RunningBuild {
  const build = world.store.in(builds).get(id) as Build;
  const directory = join(world.directory, 'builds', id.replace(/[^\w-]/g, '-'));
  const run: Run = { world, build, directory, record: new BuildRecord(world, id) };
  const halt = (status: 'STOPPED' | 'TIMED_OUT') => {
    run.halted ??= status;
    void run.shell?.kill();
  };
  const timer = world.clock.after(build.project.timeoutMinutes * 60_000, () => halt('TIMED_OUT'));
  const ended = whole(run).finally(() => timer.cancel());
  const close = async () => {
    halt('STOPPED');
    await ended;
  };
  return { ended, halt, close };
}

/** Performs the build and records its end, after its processes and files are gone. */
async function whole(run: Run): Promise<void> {
  let error: unknown;
  try {
    await perform(run);
  } catch (thrown) {
    error = thrown;
  }
  await run.shell?.kill();
  await leaveDirectory(run, error !== undefined && run.halted === undefined);
  const { record, halted, build } = run;
  if (halted === 'TIMED_OUT') record.end(halted, `the build took longer than ${build.project.timeoutMinutes} minutes`);
  else if (halted === 'STOPPED') record.end(halted, 'the build was stopped');
  else if (error === undefined) record.end('SUCCEEDED');
  else record.end(error instanceof StepFailed ? 'FAILED' : 'FAULT', reasonOf(error));
}

/** A failed build's directory is kept for `mergecast shell` where the world says so. */
async function leaveDirectory({ world, build, directory, surroundings }: Run, failed: boolean): Promise<void> {
  if (failed && world.failedBuilds !== undefined && surroundings !== undefined)
    // Another cloud may tidy up there at this moment: a build's end does not hang on it.
    await keepFailed(world.failedBuilds, { id: build.id, directory, surroundings }).catch(() => undefined);
  await removeDirectory(directory);
}

async function perform(run: Run): Promise<void> {
  const { world, build, directory, record } = run;
  const session = await step(run, 'PROVISIONING', () => assumeBuildRole(world, build));
  const callAs = roleCall(world, build, session);
  const log = BuildLog.open(world, build, session);
  const source = join(directory, 'src');
  const { buildspec, surroundings } = await step(run, 'DOWNLOAD_SOURCE', async () => {
    await Promise.all(
      ['src', 'home', 'tmp', 'scratch'].map((name) => mkdir(join(directory, name), { recursive: true })),
    );
    await download(build, callAs, directory);
    const buildspec = await readBuildspec(build, source);
    return { buildspec, surroundings: await environmentOf(world, build, buildspec, session, directory) };
  }).catch((error: unknown) => {
    log.say(reasonOf(error));
    throw error;
  });
  run.surroundings = surroundings;
  log.hide(surroundings.secrets);
  for (const part of unplayedParts(buildspec)) log.say(`has no effect here: ${part}`);
  const shell = openShell(run, buildspec, surroundings.environment, log);
  const saveCache = await openCache(buildspec, { world, build, callAs, log, shell, directory });
  const failure = await runPhases(buildspec, { shell, log, record });
  record.exported(await exportedVariables(shell, buildspec, surroundings.stored, join(directory, 'scratch')));
  if (failure === undefined) await saveCache();
  await makeReports(buildspec, { world, build, callAs, log, source });
  await finish(run, failure, () => upload(build, callAs, source, buildspec.artifacts));
}

/** Artifacts are uploaded after a failed build too; a failed install or pre_build goes straight to the end, and the first failure is the build's (facts 5.1). */
async function finish(run: Run, failure: PhaseFailure | undefined, send: () => Promise<void>): Promise<void> {
  const early = failure?.phase === 'install' || failure?.phase === 'pre_build';
  const attempt = run.build.outputs.length === 0 || early ? Promise.resolve() : step(run, 'UPLOAD_ARTIFACTS', send);
  if (failure === undefined) return attempt;
  await attempt.catch((error: unknown) => {
    if (!(error instanceof StepFailed)) throw error;
  });
  throw new StepFailed(failure.reason);
}

function openShell(run: Run, { env }: Buildspec, environment: Record<string, string>, log: BuildLog): Shell {
  if (run.halted !== undefined) throw new Error('the build was halted');
  const shell = new Shell({
    program: env.shell?.includes('bash') ? 'bash' : 'sh',
    directory: join(run.directory, 'src'),
    scratch: join(run.directory, 'scratch'),
    environment,
    mark: run.world.chance.hex(32),
    sign: `CODEBUILD_BUILD_ID=${run.build.id}`,
    onLine: (line) => log.line(line),
    hidden: (text) => log.hidden(text),
  });
  run.shell = shell;
  return shell;
}

async function exportedVariables(
  shell: Shell,
  { env }: Buildspec,
  stored: readonly string[],
  scratch: string,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of env.exportedVariables.filter((each) => !stored.includes(each))) {
    const file = join(scratch, `exported-${name}`);
    const status = await shell.run(`command printf '%s' "\${${name}-}" > '${file}'`);
    if (status === 0) values[name] = await readFile(file, 'utf8');
  }
  return values;
}

/** One of CodeBuild's own phases. What fails in it by the user's doing is told with the phase's name. */
async function step<Result>({ record }: Run, type: string, work: () => Promise<Result>): Promise<Result> {
  record.begin(type);
  try {
    const result = await work();
    record.finish(type);
    return result;
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Fault)) throw error;
    const reason = `${type} failed: ${reasonOf(error)}`;
    record.finish(type, reason);
    throw new StepFailed(reason);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
