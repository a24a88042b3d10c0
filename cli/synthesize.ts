import { spawn } from 'node:child_process';
import { Fault } from '../shared/fault.ts';

/** Runs the CDK app as a child process, as the CDK CLI would. Throws SynthesisFailed with what the app said. */
export async function synthesize(checkout: string, outputDirectory: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'app.ts'], {
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
  if (code !== 0) throw new Fault('SynthesisFailed', Buffer.concat(said).toString().trim());
}
