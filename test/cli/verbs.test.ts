import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeProfiles } from '../../cli/profiles.ts';
import { type Playing, playing } from '../journeys/playing.ts';

const checkout = join(import.meta.dirname, '..', '..');

interface Said {
  readonly code: number | null;
  readonly text: string;
  readonly errors: string;
}

/** Runs `mergecast <verb>` as an ordinary client of a played cloud. */
async function mergecast(flow: Playing, ...parameters: readonly string[]): Promise<Said> {
  const { config, credentials } = writeProfiles(
    join(flow.clone, '.git', 'aws'),
    flow.cloud.endpoint,
    flow.cloud.profiles,
  );
  return run({ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials }, parameters);
}

async function run(environment: Readonly<Record<string, string>>, parameters: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, ['run.mjs', ...parameters], {
    cwd: checkout,
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text: printed.out, errors: printed.err };
}

test('status tells what waits, approve lets it go on, and trace tells who did so', async () => {
  const flow = await playing();
  const commitId = await flow.merge('prod');
  await flow.approvalWaits();

  const waiting = await mergecast(flow, 'status', 'prod');
  expect(waiting.text).toMatch(/^prod +orders-prod {2}InProgress/);
  expect(waiting.text).toContain('Approve/Approve waits: npx mergecast approve prod');

  const approved = await mergecast(flow, 'approve', 'prod', '--summary', 'looks good');
  expect(approved).toMatchObject({ code: 0, text: 'approved: orders-prod Approve/Approve\n' });
  await flow.arrived('prod', commitId);

  const traced = await mergecast(flow, 'trace', commitId.slice(0, 8));
  expect(traced.code, traced.errors).toBe(0);
  expect(traced.text).toContain(`orders prod ${commitId}`);
  expect(traced.text).toMatch(/Approve: Approved by arn:aws:iam::444444444444:user\/administrator: looks good/);

  const again = await mergecast(flow, 'approve', 'prod');
  expect(again).toMatchObject({ code: 1, errors: 'nothing waits for an approval in prod\n' });
});

test('each id on the way finds the same journey, as JSON and as a page', async () => {
  const flow = await playing();
  const commitId = await flow.merge('dev');
  const { id } = await flow.arrived('dev', commitId);
  const json = async (name: string) =>
    JSON.parse((await mergecast(flow, 'trace', name, '--json')).text) as {
      commitId: string;
      announcements: { merge: { mergeId: string; sourceEvent: { id: string } } }[];
    }[];

  const [journey] = await json(commitId);
  const { mergeId, sourceEvent } = journey?.announcements[0]?.merge ?? { mergeId: '', sourceEvent: { id: '' } };

  expect(await json(id)).toEqual([journey]);
  expect(await json(mergeId)).toEqual([journey]);
  expect(await json(sourceEvent.id)).toEqual([journey]);

  const page = join(flow.clone, '.git', 'trace.html');
  expect((await mergecast(flow, 'trace', id, '--html', page)).text).toBe(`written to ${page}\n`);
  expect(await readFile(page, 'utf8')).toContain(commitId);
});

test('where tells which environments run a commit, have it, or lack it; tail shows the records', async () => {
  const flow = await playing();
  const first = await flow.merge('dev');
  await flow.arrived('dev', first);
  const second = await flow.merge('dev');
  await flow.arrived('dev', second);
  await flow.git('checkout', '--quiet', '-b', 'staging', 'main');
  const other = await flow.merge('staging');
  await flow.arrived('staging', other);

  const places = async (commitId: string) => {
    const { code, text, errors } = await mergecast(flow, 'where', commitId, '--json');
    expect(code, errors).toBe(0);
    return (JSON.parse(text) as { environment: string; commit: string }[]).map(
      (each) => `${each.environment} ${each.commit}`,
    );
  };

  expect(await places(second)).toEqual(['dev running', 'staging absent']);
  expect(await places(first)).toEqual(['dev contained', 'staging absent']);
  const records = await mergecast(flow, 'tail', '--no-follow', '--filter', second);
  expect(records.code, records.errors).toBe(0);
  expect(records.text).toContain(
    `orders dev is ${second.slice(0, 8)}: push by arn:aws:iam::111111111111:user/administrator`,
  );
  expect(records.text).not.toContain(first.slice(0, 8) + ':');
});

test('logs prints the newest build, and retry runs a failed stage again', async () => {
  const flow = await playing({
    buildspec: 'version: 0.2\nphases:\n  build:\n    commands:\n      - echo about to fail\n      - exit 4\n',
  });
  await flow.arrived('dev', await flow.merge('dev'));

  const logs = await mergecast(flow, 'logs', 'dev');
  expect(logs.code).toBe(1);
  expect(logs.text).toContain('about to fail');
  const retried = await mergecast(flow, 'retry', 'dev');
  expect(retried).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^retried: orders-dev Build of [0-9a-f-]{36}\n$/) as string,
  });
  expect((await mergecast(flow, 'stop', 'staging')).errors).toBe('nothing runs in staging\n');
});

const mistakes = [
  [['trace', 'HEAD'], "IdUnknown: 'HEAD' is neither a commit nor a UUID"],
  [['trace', 'abcdef1', '--since', 'yesterday'], "PeriodInvalid: 'yesterday' is no length of time"],
  [['status', 'qa'], "ProfileUnknown: profile 'qa' is none of devops, dev, staging, prod"],
  [
    ['approve', 'prod', '--pipeline', 'shop-prod'],
    "PipelineUnknown: environment 'prod' has no pipeline 'shop-prod', but orders-prod",
  ],
  [['aprove', 'prod'], "unknown command 'aprove'"],
] as const;

test('a mistake is one line that says what to do, and so is a cloud that has stopped', async () => {
  const flow = await playing();

  for (const [parameters, says] of mistakes) {
    const { code, errors } = await mergecast(flow, ...parameters);

    expect(code).not.toBe(0);
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/\n\s+at /);
  }
  await flow.cloud.stop();
  expect((await mergecast(flow, 'status')).errors).toMatch(
    /^nothing answers at 127\.0\.0\.1:\d+: start the local cloud with npm start/,
  );
});

test('without any AWS profile a verb says where to get one', async () => {
  const nothing = join(checkout, 'nonesuch');

  for (const parameters of [['status'], ['status', 'dev'], ['trace', 'abcdef1']]) {
    const { code, errors } = await run({ AWS_CONFIG_FILE: nothing, AWS_SHARED_CREDENTIALS_FILE: nothing }, parameters);

    expect(code).toBe(2);
    expect(errors).toMatch(/^ProfileUnknown: .* \(start the local cloud with npm start, or add .*\)\n$/);
  }
});
