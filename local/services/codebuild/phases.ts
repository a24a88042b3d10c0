import type { Buildspec, OnFailure, Phase } from '../../../languages/buildspec/types.ts';
import type { BuildLog } from './log.ts';
import { matchesWithin } from './pattern.ts';
import type { BuildRecord } from './record.ts';
import type { Shell } from './shell.ts';

/** What the phases run in. */
export interface PhaseRun {
  readonly shell: Shell;
  readonly log: BuildLog;
  readonly record: BuildRecord;
}

/** The phase that failed the build, and why in words. */
export interface PhaseFailure {
  readonly phase: Phase['name'];
  readonly reason: string;
}

const succeeding = 'CODEBUILD_BUILD_SUCCEEDING';

/**
 * Runs the phases of a buildspec: a failed install or pre_build ends them, a failed build is still followed by post_build, `finally`
 * always runs, and `on-failure` may go on or repeat (facts 5.1). Answers the first failure, or undefined.
 */
export async function runPhases(buildspec: Buildspec, run: PhaseRun): Promise<PhaseFailure | undefined> {
  let failed: PhaseFailure | undefined;
  for (const phase of buildspec.phases) {
    if (failed !== undefined && !(failed.phase === 'build' && phase.name === 'post_build')) break;
    const reason = await runPhase(phase, run, failed !== undefined);
    if (reason === undefined) continue;
    // With CONTINUE the build may still succeed, but the variable stays 0 for what follows: guards in post_build rely on it.
    if (phase.onFailure.action !== 'CONTINUE') failed ??= { phase: phase.name, reason };
  }
  return failed;
}

async function runPhase(phase: Phase, run: PhaseRun, failing: boolean): Promise<string | undefined> {
  const { log, record, shell } = run;
  const type = phase.name.toUpperCase();
  record.begin(type);
  log.say(`Entering phase ${type}`);
  let failed = await runOnce(phase, run);
  for (let attempt = 1; failed !== undefined && mayRetry(phase.onFailure, attempt, failed, log); attempt++) {
    log.say(`${failed}; phase ${type} is tried again (${attempt})`);
    if (!failing) await shell.export(succeeding, '1');
    failed = await runOnce(phase, run);
  }
  record.finish(type, failed);
  log.say(`Phase complete: ${type} State: ${failed === undefined ? 'SUCCEEDED' : `FAILED: ${failed}`}`);
  return failed;
}

/** A pattern is held against the failure's words and the last lines of the output. */
function mayRetry(onFailure: OnFailure, attempt: number, failed: string, log: BuildLog): boolean {
  if (onFailure.action !== 'RETRY' || attempt > onFailure.count) return false;
  if (onFailure.pattern === undefined) return true;
  return matchesWithin(onFailure.pattern, [...log.recent, failed].join('\n'));
}

async function runOnce(phase: Phase, run: PhaseRun): Promise<string | undefined> {
  run.log.forget();
  const failed = await runCommands(phase, phase.commands, run);
  const failedFinally = await runCommands(phase, phase.finally, run);
  return failed ?? failedFinally;
}

async function runCommands(
  phase: Phase,
  commands: readonly string[],
  { shell, log }: PhaseRun,
): Promise<string | undefined> {
  for (const command of commands) {
    log.say(`Running command ${command}`);
    const status = await shell.run(command);
    if (status === 0) continue;
    await shell.export(succeeding, '0');
    const first = (command.split('\n')[0] ?? '').slice(0, 120);
    return `${phase.name.toUpperCase()} failed: command '${first}' ended with exit status ${status}`;
  }
  return undefined;
}
