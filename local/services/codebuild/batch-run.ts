import { join } from 'node:path';
import { Fault } from '../../../shared/fault.ts';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { assumeRole } from '../sts/assume.ts';
import { startOf } from './batch-builds.ts';
import { combineArtifacts } from './batch-combine.ts';
import { checkOutputs, combines } from './batch-outputs.ts';
import { plannedBuilds } from './batch-plan.ts';
import { BatchRecord } from './batch-record.ts';
import type { RunningBatch } from './batch-running.ts';
import type { BatchGroup } from './batch-tables.ts';
import { removeDirectory } from './remove-directory.ts';
import { assumeBuildRole, type RoleCall, roleCall } from './role-call.ts';
import { buildEnd, findRunning } from './running.ts';
import { download, readBuildspec } from './source.ts';

/** A batch on its way. */
interface Run {
  readonly world: World;
  readonly record: BatchRecord;
  readonly directory: string;
  /** Calls as the batch's service role, once that is taken on. */
  callAs?: RoleCall;
  /** No build is begun any more. */
  closing: boolean;
  halted?: 'STOPPED' | 'TIMED_OUT';
}

/** A phase that failed by the project's, a role's or the batchspec's doing. */
class PhaseFailed extends Error {}

/** Runs a batch that is recorded, or goes on with one that is retried; it ends with its last build, or early by time-out or `halt`. */
export function runBatch(world: World, id: string): RunningBatch {
  const record = new BatchRecord(world, id);
  const directory = join(world.directory, 'builds', `batch-${id.replace(/[^\w-]/g, '-')}`);
  const run: Run = { world, record, directory, closing: false };
  const halt = (status: 'STOPPED' | 'TIMED_OUT') => {
    run.halted ??= status;
    return stopBuilds(run);
  };
  const timer = world.clock.after(record.batch.timeoutMinutes * 60_000, () => void halt('TIMED_OUT'));
  const ended = whole(run).finally(() => timer.cancel());
  const close = async () => {
    run.halted ??= 'STOPPED';
    // The world ends: nobody is asked for permission any more.
    for (const build of runningBuilds(run)) findRunning(world, build)?.halt('STOPPED');
    await ended;
  };
  return { ended, halt, close };
}

async function whole(run: Run): Promise<void> {
  const { record } = run;
  let error: unknown;
  try {
    await perform(run);
  } catch (thrown) {
    error = thrown;
  }
  await removeDirectory(run.directory);
  if (run.halted === 'TIMED_OUT')
    record.end('TIMED_OUT', `the batch took longer than ${record.batch.timeoutMinutes} minutes`);
  else if (run.halted === 'STOPPED') record.end('STOPPED', 'the batch was stopped');
  else if (error === undefined) record.end('SUCCEEDED');
  else record.end(error instanceof PhaseFailed ? 'FAILED' : 'FAULT', reasonOf(error));
}

async function perform(run: Run): Promise<void> {
  const { record } = run;
  // A retried batch knows its builds already, unless its batchspec was what failed.
  if (record.batch.groups.length === 0) {
    record.submitted();
    await phase(run, 'DOWNLOAD_BATCHSPEC', () => plan(run));
  }
  if (run.halted !== undefined) return;
  await phase(run, 'IN_PROGRESS', () => runGroups(run));
  if (run.halted === undefined && combines(record.batch))
    await phase(run, 'COMBINE_ARTIFACTS', async () => combineArtifacts(run.world, record.batch, run.directory));
}

/** Reads the batchspec with the role of the project's builds: the batch's own role needs no more than to start, stop and retry builds. */
async function plan(run: Run): Promise<void> {
  const { world, record, directory } = run;
  const { template, config } = record.batch;
  await batchRole(run);
  const session = await assumeBuildRole(world, template);
  await download(template, roleCall(world, template, session), directory);
  const { batch } = await readBuildspec(template, join(directory, 'src'));
  if (batch === undefined)
    throw new AwsError('YAML_FILE_ERROR', 'the buildspec holds no batch: add build-list, build-graph or build-matrix');
  const planned = plannedBuilds(batch, template.project.shape.environment.computeType, config);
  record.change(() => ({ fastFail: batch.fastFail, groups: planned.map((build) => ({ ...build, prior: [] })) }));
  checkOutputs(record.batch);
}

async function batchRole(run: Run): Promise<RoleCall> {
  if (run.callAs !== undefined) return run.callAs;
  const { id, roleArn, template } = run.record.batch;
  const { project, cause } = template;
  const { account, region } = project;
  const { principal } = await assumeRole(run.world, {
    account,
    region,
    cause,
    roleArn,
    caller: { type: 'service', service: 'codebuild.amazonaws.com', sourceArn: project.arn, sourceAccount: account },
    sessionName: `AWSCodeBuild-${id.split(':')[1] ?? ''}`.slice(0, 64),
  });
  run.callAs = (service, operation, input) =>
    call(run.world, { caller: principal, account, region, cause, service, operation, input });
  return run.callAs;
}

/** Begins each build once those it depends on have ended well, and waits for all. Throws when one failed whose failure counts. */
async function runGroups(run: Run): Promise<void> {
  const callAs = await batchRole(run);
  const { groups } = run.record.batch;
  const going = new Map<string, Promise<boolean>>();
  const go = (group: BatchGroup): Promise<boolean> => {
    const begun = going.get(group.identifier) ?? after(group);
    going.set(group.identifier, begun);
    return begun;
  };
  const after = async (group: BatchGroup): Promise<boolean> => {
    const needed = groups.filter(({ identifier }) => group.dependsOn.includes(identifier));
    const ready = await Promise.all(needed.map(go));
    return ready.every(Boolean) && runGroup(run, callAs, group);
  };
  const passed = await Promise.all(groups.map(go));
  const failed = run.record.batch.groups
    .filter((_, index) => passed[index] !== true)
    .map(({ identifier, refused }) => (refused === undefined ? identifier : `${identifier} (${refused})`));
  if (failed.length > 0 && run.halted === undefined)
    throw new AwsError('BUILD_FAILED', `builds that did not succeed: ${failed.join(', ')}`);
}

/** Whether builds that depend on this one may run: it succeeded, or its failure is ignored. */
async function runGroup(run: Run, callAs: RoleCall, group: BatchGroup): Promise<boolean> {
  const { world, record } = run;
  let id = group.current;
  if (id === undefined) {
    if (run.closing || run.halted !== undefined) return false;
    id = await begin(run, callAs, group);
    // It may have begun while the others were being stopped.
    if (run.closing || run.halted !== undefined) await stopBuilds(run);
  }
  const succeeded = id !== undefined && (await buildEnd(world, id)).status === 'SUCCEEDED';
  if (succeeded || group.ignoreFailure) return true;
  if (record.batch.fastFail) await stopBuilds(run);
  return false;
}

async function begin({ record }: Run, callAs: RoleCall, group: BatchGroup): Promise<string | undefined> {
  try {
    const { id } = await callAs<{ id: string }>('codebuild', 'StartBuildForBatch', startOf(record.batch, group));
    record.group(group.identifier, { current: id });
    return id;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    record.group(group.identifier, { refused: reasonOf(error) });
    return undefined;
  }
}

const runningBuilds = ({ world, record }: Run): readonly string[] =>
  record.batch.groups.flatMap(({ current }) =>
    current !== undefined && findRunning(world, current) !== undefined ? [current] : [],
  );

/** Ends the builds that run, as the batch's role, and answers whether all ended; one that the role may not stop runs on, and the journal says why. */
async function stopBuilds(run: Run): Promise<boolean> {
  run.closing = true;
  const stop = async (id: string) => run.callAs?.('codebuild', 'StopBuild', { id });
  const stopped = await Promise.allSettled(runningBuilds(run).map(stop));
  return stopped.every(({ status }) => status === 'fulfilled');
}

async function phase({ record }: Run, type: string, work: () => Promise<void>): Promise<void> {
  record.begin(type);
  try {
    await work();
    record.finish(type);
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Fault)) throw error;
    const reason = `${type} failed: ${reasonOf(error)}`;
    record.finish(type, 'FAILED', reason);
    throw new PhaseFailed(reason);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
