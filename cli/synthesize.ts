import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Fault } from '../shared/fault.ts';

/** The app refused its input and said so itself: what it printed is the whole message. */
export class AppRefused extends Error {}

/**
 * Runs the CDK app as a child process, as the CDK CLI would. Throws AppRefused for a mistake in its files, SynthesisFailed for anything
 * else. Answers the app's notes, a line each. `organisation` is the folder of another organisation than the checkout's own.
 */
export async function synthesize(
  checkout: string,
  outputDirectory: string,
  organisation?: string,
): Promise<readonly string[]> {
  const context = organisation === undefined ? [] : ['-c', `organisation=${resolve(organisation)}`];
  const child = spawn(process.execPath, ['--import', 'tsx', 'app.ts', ...context], {
    cwd: checkout,
    env: { ...process.env, CDK_OUTDIR: outputDirectory, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const text = Buffer.concat(said).toString().trim();
  if (code === 2) throw new AppRefused(text);
  if (code !== 0) throw new Fault('SynthesisFailed', text);
  return text.split('\n').filter((line) => line.startsWith('note: '));
}
