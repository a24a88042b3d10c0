import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type ProfileFiles, writeProfiles } from '../../cli/profiles.ts';
import type { Playing } from '../journeys/playing.ts';

/** Until the test ends, the verbs ask this cloud; answers the files of its AWS profiles. */
export function useProfiles(flow: Playing): ProfileFiles {
  const files = writeProfiles(join(flow.clone, '.git', 'aws'), flow.cloud.endpoint, flow.cloud.profiles);
  vi.stubEnv('AWS_CONFIG_FILE', files.config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', files.credentials);
  onTestFinished(() => void vi.unstubAllEnvs());
  return files;
}
