import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endOf } from '../../cli/commands/hold.ts';
import { writeProfiles } from '../../cli/profiles.ts';
import { type Playing, playing } from '../journeys/playing.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** Runs `mergecast <verb>` as an administrator of a played account; answers its exit code and what it said. */
async function mergecast(flow: Playing, ...parameters: readonly string[]) {
  const folder = join(flow.clone, '.git', 'aws');
  const { config, credentials } = writeProfiles(folder, flow.cloud.endpoint, flow.cloud.profiles);
  const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
  const child = spawn(process.execPath, ['run.mjs', ...parameters], {
    cwd: checkout,
    env: { ...process.env, NO_COLOR: '1', ...files },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

test('hold keeps merges, status lists them, release lets them go; one person cannot confirm a release of their own', async () => {
  const flow = await playing();

  const held = await mergecast(flow, 'hold', 'dev', 'orders', '--reason', 'the database moves', '--until', '2h');
  expect(held).toMatchObject({ code: 0, said: expect.stringMatching(/^held: orders-dev until 20/) as string });
  const commitId = await flow.merge('dev');
  await flow.cloud.settled();
  await flow.sweep('dev');
  await flow.cloud.settled();
  expect(await flow.executions('dev')).toEqual([]);
  expect((await mergecast(flow, 'status', 'dev')).said).toMatch(
    new RegExp(`1 merge held in dev, opens .*: \\S+ holds it: the database moves; the newest is ${commitId}`),
  );

  const asked = await mergecast(flow, 'release', 'dev', '--commit', commitId, '--reason', 'customers wait');
  expect(asked).toMatchObject({ code: 0, said: expect.stringContaining('a second person confirms by') as string });
  const own = await mergecast(flow, 'release', 'dev', '--commit', commitId.slice(0, 8), '--confirm');
  expect(own).toMatchObject({ code: 1, said: expect.stringMatching(/^not released: orders-dev/) as string });

  expect(await mergecast(flow, 'release', 'dev')).toMatchObject({
    code: 0,
    said: 'released: orders-dev; its newest merge starts within 5 minutes\n',
  });
  await flow.sweep('dev');
  expect(await flow.arrived('dev', commitId)).toMatchObject({ status: 'Succeeded' });
  const typo = await mergecast(flow, 'hold', 'dev', 'order', '--reason', 'x');
  expect(typo).toMatchObject({ code: 2, said: expect.stringMatching(/^PipelineUnknown: .*'order'/) as string });
}, 60_000);

test('the end of a hold is a time with its zone or a length, and lies ahead', () => {
  const now = Date.parse('2026-11-24T01:00:00Z');

  expect(endOf('2h', now)).toBe('2026-11-24T03:00:00.000Z');
  expect(endOf('2026-11-24T09:00:00+01:00', now)).toBe('2026-11-24T08:00:00.000Z');
  for (const text of ['soon', '2026-11-30', '2026-11-30T09:00', '0h', '2020-01-01T00:00:00Z', '2026-99-99T00:00:00Z'])
    expect(() => endOf(text, now)).toThrow('PeriodInvalid');
});
