import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Script } from '../../../languages/appspec/types.ts';
import type { World } from '../../world/world.ts';
import { endProcesses } from '../codebuild/process-tree.ts';
import type { Diagnostics } from './tables.ts';

/** Where a script runs. */
export interface ScriptSurroundings {
  /** The unpacked revision. */
  readonly archive: string;
  readonly directory: string;
  /** Where its output lies until it is read. */
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a script ended, with what it printed. */
export interface ScriptEnd {
  readonly errorCode: Diagnostics['errorCode'];
  readonly message: string;
  readonly lines: readonly string[];
}

/** More than this of a script's output is not read. */
const longestOutputBytes = 1024 * 1024;

/**
 * Runs one script of a lifecycle event by `/bin/sh`, which heeds its first line, as the person who started the cloud whatever `runas` says. What it
 * leaves running in the background lives on; a script that takes too long ends with its whole process tree.
 */
export async function runScript(world: World, script: Script, around: ScriptSurroundings): Promise<ScriptEnd> {
  const file = join(around.archive, join('/', script.location));
  const at = `Script at specified location: ${script.location}`;
  if (!existsSync(file) || !(await stat(file)).isFile())
    return { errorCode: 'ScriptMissing', message: `Script does not exist at specified location: ${file}`, lines: [] };
  // The agent makes scripts executable too, and warns.
  await chmod(file, 0o755);
  const output = join(around.scratch, world.chance.hex(16));
  await mkdir(dirname(output), { recursive: true });
  const ended = await perform(world, file, output, script.timeoutSeconds, around);
  const lines = [...(await read(`${output}.out`, 'stdout')), ...(await read(`${output}.err`, 'stderr'))];
  const as = script.runas === undefined ? '' : ` run as user ${script.runas}`;
  if (ended === 'timed out')
    return {
      errorCode: 'ScriptTimedOut',
      message: `${at}${as} failed to complete in ${script.timeoutSeconds} seconds`,
      lines,
    };
  if (ended !== 0) return { errorCode: 'ScriptFailed', message: `${at}${as} failed with exit code ${ended}`, lines };
  return { errorCode: 'Success', message: 'Succeeded', lines };
}

async function perform(
  world: World,
  file: string,
  output: string,
  timeoutSeconds: number,
  around: ScriptSurroundings,
): Promise<number | 'timed out'> {
  const mark = world.chance.hex(32);
  const [out, err] = await Promise.all([open(`${output}.out`, 'w'), open(`${output}.err`, 'w')]);
  try {
    return await new Promise((resolve) => {
      const child = spawn('/bin/sh', ['-c', '"$0"', file], {
        cwd: around.directory,
        env: { ...around.environment, CODEDEPLOY_SCRIPT: mark },
        detached: true,
        stdio: ['ignore', out.fd, err.fd],
      });
      const timer = world.clock.after(timeoutSeconds * 1000, () => {
        void endProcesses(`CODEDEPLOY_SCRIPT=${mark}`).then(() => resolve('timed out'));
      });
      const end = (code: number) => {
        timer.cancel();
        resolve(code);
      };
      child.on('error', () => end(127));
      child.on('exit', (code) => {
        if (code !== null) end(code);
        else world.clock.after(1000, () => end(137));
      });
    });
  } finally {
    await Promise.all([out.close(), err.close()]);
  }
}

async function read(file: string, stream: string): Promise<readonly string[]> {
  const text = (await readFile(file)).subarray(0, longestOutputBytes).toString('utf8');
  await rm(file, { force: true });
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `[${stream}]${line}`);
}
