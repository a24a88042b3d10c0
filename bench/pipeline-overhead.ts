/**
 * What the engine of pipelines costs. `npx tsx bench/pipeline-overhead.ts [executions] [pipelines]` prints three things and fails when a
 * promise is broken: ten trivial actions, one after the other, take at most 100 ms beyond what a shell takes for the same ten commands
 * (`sh -c`, in turn with the executions); 200 executions in as many pipelines side by side complete with at most 600 MB of memory; the
 * first command of an action's buildspec prints at most 30 ms after the action's start. Each action is one of Compute/Commands: a build
 * with its own shell, its own copy of the source and its own log. Medians are judged.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openWorld } from '../local/open-world.ts';
import { builds } from '../local/services/codebuild/tables.ts';
import { actionsEach, checkSucceeded, layGround, makePipelines, start } from './pipeline-overhead/pipelines.ts';
import { Watch } from './pipeline-overhead/watch.ts';

const promised = { overhead: 100, memory: 600, buildspec: 30 };
const rounds = Number(process.argv[2] ?? 30);
const sideBySide = Number(process.argv[3] ?? 200);
const warmUps = 3;

const broken: string[] = [];
await oneAfterTheOther();
await allAtOnce();
for (const promise of broken) process.stderr.write(`broken promise: ${promise}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

/** One pipeline, one execution at a time. */
async function oneAfterTheOther(): Promise<void> {
  const open = await openWorld();
  const { world } = open;
  try {
    await layGround(open);
    await makePipelines(world, ['orders']);
    await world.settled();
    const watch = new Watch(world);
    const overheads: number[] = [];
    const wholes: number[] = [];
    for (let round = -warmUps; round < rounds; round++) {
      if (round === 0) watch.forget();
      const known = world.store.in(builds).keys().length;
      const from = performance.now();
      const id = start(world, 'orders');
      await watch.ended(id);
      const whole = performance.now() - from;
      await world.settled();
      if (round < 0) continue;
      wholes.push(whole);
      overheads.push(whole - (await plainShells()));
      if (world.store.in(builds).keys().length !== known + actionsEach) throw new Error('not ten builds');
    }
    checkSucceeded(world);
    row(`an execution of a source and ten actions, ${rounds} times`, wholes, 'ms');
    row("the same beyond the commands' own time", overheads, 'ms');
    row('from the start of an action to its first command', watch.toBuildspec, 'ms');
    const overhead = median(overheads);
    if (overhead > promised.overhead) broken.push(`overhead ${overhead.toFixed(0)} ms`);
    if (median(watch.toBuildspec) > promised.buildspec)
      broken.push(`buildspec after ${median(watch.toBuildspec).toFixed(0)} ms`);
  } finally {
    await open.close();
  }
}

/** Milliseconds of ten shells with the same command, one after the other, with nothing around them. */
async function plainShells(): Promise<number> {
  const from = performance.now();
  for (let each = 0; each < actionsEach; each++) await once(spawn('sh', ['-c', 'echo begun']), 'close');
  return performance.now() - from;
}

/** Many pipelines, one execution each, at once. */
async function allAtOnce(): Promise<void> {
  const open = await openWorld();
  const { world } = open;
  try {
    await layGround(open);
    let peak = 0;
    const look = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 50);
    const watch = new Watch(world);
    const from = performance.now();
    await makePipelines(
      world,
      Array.from({ length: sideBySide }, (_, index) => `orders-${index}`),
    );
    await watch.allEnded(sideBySide);
    await world.settled();
    clearInterval(look);
    checkSucceeded(world);
    const seconds = (performance.now() - from) / 1000;
    const megabytes = peak / 1024 / 1024;
    process.stdout.write(
      `${sideBySide} executions side by side, ${sideBySide * actionsEach} actions: ${seconds.toFixed(1)} s, at most ${megabytes.toFixed(0)} MB\n`,
    );
    if (megabytes > promised.memory) broken.push(`memory ${megabytes.toFixed(0)} MB`);
  } finally {
    await open.close();
  }
}

function median(times: readonly number[]): number {
  return quantile(times, 0.5);
}

function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function row(name: string, times: readonly number[], unit: string): void {
  const shown = [0.1, 0.5, 0.9, 0.99].map((part) => quantile(times, part).toFixed(1).padStart(7));
  process.stdout.write(
    `${name.padEnd(56)} p10 ${shown[0]}  p50 ${shown[1]}  p90 ${shown[2]}  p99 ${shown[3]} ${unit}\n`,
  );
}
