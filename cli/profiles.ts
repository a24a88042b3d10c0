import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../local/play.ts';
import { isAlive } from './run-directory.ts';

/** Where the AWS profiles of a running cloud stand. */
export interface ProfileFiles {
  readonly config: string;
  readonly credentials: string;
}

/** The endpoint of another cloud that still runs and whose profiles stand in this directory, if there is one. */
export function runningElsewhere(directory: string): string | undefined {
  const config = join(directory, 'config');
  const text = existsSync(config) ? readFileSync(config, 'utf8') : '';
  const [, owner = '', endpoint] = /^# process (\d+)\n[^]*?^endpoint_url = (\S+)$/m.exec(text) ?? [];
  return endpoint !== undefined && Number(owner) !== process.pid && isAlive(Number(owner)) ? endpoint : undefined;
}

/** Removes the profiles, unless another cloud has written its own since. */
export function removeProfiles({ config, credentials }: ProfileFiles, endpoint: string): void {
  if (!existsSync(config) || !readFileSync(config, 'utf8').includes(`endpoint_url = ${endpoint}\n`)) return;
  for (const file of [config, credentials]) rmSync(file, { force: true });
}

/** Writes the profiles as the AWS CLI and SDKs read them. The keys are pretend ones; the file is the owner's alone all the same. */
export function writeProfiles(directory: string, endpoint: string, profiles: readonly Profile[]): ProfileFiles {
  mkdirSync(directory, { recursive: true });
  const files = { config: join(directory, 'config'), credentials: join(directory, 'credentials') };
  const config = profiles.map(
    ({ name, region }) => `[profile ${name}]\nregion = ${region}\nendpoint_url = ${endpoint}\noutput = json\n`,
  );
  const credentials = profiles.map(
    ({ name, accessKeyId, secretAccessKey }) =>
      `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  writeFileSync(files.config, [`# process ${process.pid}\n`, ...config].join('\n'), { mode: 0o600 });
  writeFileSync(files.credentials, credentials.join('\n'), { mode: 0o600 });
  return files;
}
