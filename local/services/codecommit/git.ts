import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';

/** What server-side git gets from the machine: PATH and nothing else. Paths are never patterns. */
const gitEnvironment = (world: World): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: world.directory,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
});

const largestOutputBytes = 1024 * 1024 * 1024;

/** How a git command ended. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in a bare repository; never with a shell. A non-zero exit is an answer, not an error. */
export function git(world: World, directory: string, parameters: readonly string[], input = ''): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['-C', directory, ...parameters],
      { env: gitEnvironment(world), encoding: 'buffer', maxBuffer: largestOutputBytes },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
        if (code === undefined) reject(new Error(`git ${parameters[0]} could not run: ${error?.message}`));
        else resolve({ code, stdout, stderr: stderr.toString() });
      },
    );
    // A command that reads no input may end before it is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The same for commands that must succeed; answers their output as trimmed text. */
export async function gitText(world: World, directory: string, parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await git(world, directory, parameters);
  if (code !== 0) throw new AwsError('GitFailed', `git ${parameters[0]}: ${stderr.trim()}`, 500);
  return stdout.toString('utf8').trim();
}

/** Starts a git service that streams: receive-pack or upload-pack. */
export const spawnGit = (
  world: World,
  parameters: readonly string[],
  environment: Record<string, string>,
): ChildProcessWithoutNullStreams =>
  spawn('git', parameters, { env: { ...gitEnvironment(world), ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
