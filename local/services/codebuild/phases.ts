import type { Buildspec, Phase } from '../../../languages/buildspec/types.ts';
import type { Shell } from './shell.ts';

/** What the run of the phases tells while it goes on. */
export interface PhaseListener {
  begin(phase: string): void;
  end(phase: string, failure: string | undefined): void;
  line(line: string): void;
}

/**
 * Runs the phases of a buildspec: a failed install or pre_build ends them, a failed build is still followed by post_build, `finally` always runs, and
 * `on-failure` may go on or repeat (facts 5.1). Answers the first failure in words, or undefined.
 */
export async function runPhases(
  buildspec: Buildspec,
  shell: Shell,
  listener: PhaseListener,
): Promise<string | undefined> {
  let failure: string | undefined;
  for (const phase of buildspec.phases) {
    if (failure !== undefined && phase.name !== 'post_build') continue;
    if (failure !== undefined && !failure.startsWith('BUILD ')) break;
    await shell.run(`export CODEBUILD_BUILD_SUCCEEDING=${failure === undefined ? 1 : 0}`);
    listener.begin(phase.name);
    const failed = await runWithRetries(phase, shell, listener);
    listener.end(phase.name, failed);
    if (failed !== undefined && phase.onFailure.action !== 'CONTINUE') failure ??= failed;
  }
  return failure;
}

async function runWithRetries(phase: Phase, shell: Shell, listener: PhaseListener): Promise<string | undefined> {
  const retries = phase.onFailure.action === 'RETRY' ? phase.onFailure.count : 0;
  for (let attempt = 0; ; attempt++) {
    const failed = await runOnce(phase, shell, listener);
    if (failed === undefined || attempt >= retries || !retryable(phase, failed)) return failed;
    listener.line(`[Container] ${phase.name} is tried again (${attempt + 1} of ${retries})`);
  }
}

/** The pattern is a plain text or a regular expression of the buildspec's author, held against one bounded line. */
function retryable({ onFailure }: Phase, failed: string): boolean {
  if (onFailure.action !== 'RETRY' || onFailure.pattern === undefined) return true;
  return failed.includes(onFailure.pattern.replace(/^\.\*|\.\*$/g, ''));
}

async function runOnce(phase: Phase, shell: Shell, listener: PhaseListener): Promise<string | undefined> {
  const failed = await runCommands(phase, phase.commands, shell, listener);
  const failedFinally = await runCommands(phase, phase.finally, shell, listener);
  return failed ?? failedFinally;
}

async function runCommands(
  phase: Phase,
  commands: readonly string[],
  shell: Shell,
  listener: PhaseListener,
): Promise<string | undefined> {
  for (const command of commands) {
    listener.line(`[Container] Running command ${command}`);
    const status = await shell.run(command);
    if (status !== 0)
      return `${phase.name.toUpperCase()} failed: command '${(command.split('\n')[0] ?? '').slice(0, 120)}' ended with exit status ${status}`;
  }
  return undefined;
}
