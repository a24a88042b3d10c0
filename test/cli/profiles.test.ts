import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runningElsewhere, writeProfiles } from '../../cli/profiles.ts';

const endpoint = 'http://127.0.0.1:7340';
const profile = {
  name: 'dev',
  account: '222222222222',
  region: 'eu-west-1',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'secret',
};

/** Profiles as the process of that number would have written them. */
function profilesOf(owner: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-profiles-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { config } = writeProfiles(directory, endpoint, [profile]);
  const text = readFileSync(config, 'utf8');
  expect(text).toContain(`# process ${process.pid}\n`);
  writeFileSync(config, text.replace(`# process ${process.pid}`, `# process ${owner}`));
  return directory;
}

test('the profiles of a cloud that still runs are found, with where it runs', () => {
  expect(runningElsewhere(profilesOf(process.ppid))).toBe(endpoint);
});

test("one's own profiles, those of a process that has died, and none at all stand in nobody's way", () => {
  expect(runningElsewhere(profilesOf(process.pid))).toBeUndefined();
  expect(runningElsewhere(profilesOf(2 ** 30))).toBeUndefined();
  expect(runningElsewhere(join(tmpdir(), 'mergecast-nonesuch'))).toBeUndefined();
});
