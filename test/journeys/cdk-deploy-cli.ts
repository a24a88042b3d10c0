import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeProfiles } from '../../cli/profiles.ts';
import type { Profile } from '../../local/play.ts';

const cli = join(import.meta.dirname, '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');

/**
 * The ordinary CDK CLI as a person has it: profiles, the endpoint in the environment, an empty home. It does not read `endpoint_url` of a profile, so
 * AWS_ENDPOINT_URL names the local cloud. Answers what it printed; throws with that when it fails.
 */
export async function cdkCli(endpoint: string, profiles: readonly Profile[]) {
  const home = await mkdtemp(join(tmpdir(), 'mergecast-cdk-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const { config, credentials } = writeProfiles(join(home, 'aws'), endpoint, profiles);
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_PROXY: '127.0.0.1',
    CI: '1',
  };
  return (profile: string, ...words: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, ...words, '--profile', profile, '--no-notices'], { cwd: home, env });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
      child.on('error', reject);
      child.on('close', (status) =>
        status === 0 ? resolve(printed) : reject(new Error(`cdk ${words[0]}: ${printed}`)),
      );
    });
}
