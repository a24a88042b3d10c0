/**
 * From receive-pack's `ok` to the execution recorded in the workload account: 200 real pushes, one after the other, the Lambda functions
 * unmodified and warm. `npx tsx bench/merge-to-start.ts [pushes]` prints where the time goes, hop by hop, and what a plain `git push` takes
 * at the same server with nothing behind it; it fails when the promise is broken: p50 ≤ 50 ms, p99 ≤ 250 ms.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit';
import { administrator, administratorKeys } from '../local/accounts.ts';
import { openWorld } from '../local/open-world.ts';
import { type Cloud, play } from '../local/play.ts';
import { issueGitCredentials } from '../local/services/codecommit/git-credentials.ts';
import type { Entry } from '../local/world/journal.ts';
import { synthesizeApproval } from './merge-to-start/app.ts';
import { Pushing } from './merge-to-start/pushing.ts';

const promised = { p50: 50, p99: 250 };
const warmUps = 5;
const pushes = Number(process.argv[2] ?? 200);

/** When each hop of one merge was done, in milliseconds of the processor's steady clock. */
interface Hops {
  accepted?: number;
  announced?: number;
  forwarded?: number;
  started?: number;
}

const directory = await mkdtemp(join(tmpdir(), 'mergecast-bench-'));
try {
  const plain = await plainPushes();
  const { hops, whole } = await merges();
  print(hops, whole, plain);
} finally {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Pushes to the server of a world in which no rule, function or pipeline exists. */
async function plainPushes(): Promise<readonly number[]> {
  const open = await openWorld();
  try {
    const account = '111111111111';
    const { accessKeyId, secretAccessKey } = administratorKeys(open.world, account);
    const client = new CodeCommitClient({
      endpoint: open.world.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(new CreateRepositoryCommand({ repositoryName: 'orders' }));
    const { username, password } = issueGitCredentials(open.world, administrator(open.world, account));
    const url = `${open.world.endpoint.replace('//', `//${username}:${encodeURIComponent(password)}@`)}/v1/repos/orders`;
    const pushing = await Pushing.at(await mkdtemp(join(directory, 'plain-')), url);
    const times: number[] = [];
    for (let push = -warmUps; push < pushes; push++) {
      await pushing.commit(`push ${push}`);
      const milliseconds = await pushing.push();
      if (push >= 0) times.push(milliseconds);
    }
    return times;
  } finally {
    await open.close();
  }
}

async function merges(): Promise<{ hops: readonly Required<Hops>[]; whole: readonly number[] }> {
  const assembly = join(directory, 'cdk.out');
  synthesizeApproval(assembly);
  const cloud = await play(assembly);
  try {
    const pushing = await Pushing.at(await mkdtemp(join(directory, 'cloud-')), cloud.cloneUrl('devops', 'orders'));
    const hops: Required<Hops>[] = [];
    const whole: number[] = [];
    for (let push = -warmUps; push < pushes; push++) {
      await pushing.commit(`merge ${push}`);
      const { seen, milliseconds } = await watched(cloud, () => pushing.push());
      if (push < 0) continue;
      hops.push(seen);
      whole.push(milliseconds);
      if (push % 50 === 49) console.log(`  ${push + 1} of ${pushes} pushes`);
    }
    return { hops, whole };
  } finally {
    await cloud.stop();
  }
}

/** Pushes, waits until the execution is recorded and the cloud is quiet again. */
async function watched(
  cloud: Cloud,
  push: () => Promise<number>,
): Promise<{ seen: Required<Hops>; milliseconds: number }> {
  const hops: Hops = {};
  let release: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    release = resolve;
  });
  const leave = cloud.journal.follow((entry) => {
    note(hops, entry);
    if (hops.started !== undefined) release();
  });
  const milliseconds = await push();
  await started;
  leave();
  await cloud.settled();
  return { seen: hops as Required<Hops>, milliseconds };
}

function note(hops: Hops, { kind, text, detail }: Entry): void {
  if (kind === 'event') {
    const { bus, event } = detail as { bus: string; event: Readonly<Record<string, unknown>> };
    if (event['detail-type'] === 'CodeCommit Repository State Change') hops.accepted ??= performance.now();
    else if (event['detail-type'] !== 'Branch Merged') return;
    else if (bus === 'mergecast') hops.announced ??= performance.now();
    else hops.forwarded ??= performance.now();
  } else if (kind === 'state' && text === 'orders-dev is STARTED') hops.started ??= performance.now();
}

function print(hops: readonly Required<Hops>[], whole: readonly number[], plain: readonly number[]): void {
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['announce: rule, Lambda, GetCommit, PutEvents', hops.map((each) => each.announced - each.accepted)],
    ['forward: rule, role, cross-account bus', hops.map((each) => each.forwarded - each.announced)],
    [
      'start: rule, Lambda, ledger, GetBranch, StartPipelineExecution',
      hops.map((each) => each.started - each.forwarded),
    ],
    ["merge to start: receive-pack's ok to the execution recorded", hops.map((each) => each.started - each.accepted)],
    ['git push to this repository, as its user waits', whole],
    ['git push to the same server with nothing behind it', plain],
  ];
  console.log(`\n${pushes} pushes, milliseconds${' '.repeat(41)}p50     p90     p99     max`);
  for (const [name, times] of rows)
    console.log(`${name.padEnd(62)} ${[0.5, 0.9, 0.99, 1].map((part) => quantile(times, part)).join(' ')}`);
  const total = rows[3]?.[1] ?? [];
  const broken = Number(quantile(total, 0.5)) > promised.p50 || Number(quantile(total, 0.99)) > promised.p99;
  console.log(`promised: p50 ≤ ${promised.p50} ms, p99 ≤ ${promised.p99} ms: ${broken ? 'BROKEN' : 'kept'}`);
  if (broken) process.exitCode = 1;
}

function quantile(times: readonly number[], part: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0).toFixed(1).padStart(7);
}
