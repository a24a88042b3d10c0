/**
 * How long the static verbs of auditors take, from reading the assembly to the answer, at 10, 100 and 1,000 environments with three pipelines each.
 * `npx tsx bench/audit.ts` prints a table and fails when a promise is broken: routes within 5 s and 1 GB at 1,000 environments, and a cost that
 * grows no faster than the templates.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../assembly/read-assembly.ts';
import { findingsIn } from '../audit/checks/index.ts';
import { readCloud } from '../audit/cloud/cloud.ts';
import { routesOf } from '../audit/routes/routes.ts';
import { synthesizedPatterns, writeAssembly } from './audit/assemblies.ts';

const sizes = [10, 100, 1000];
const promisedSeconds = 5;
const promisedMegabytes = 1024;

interface Measured {
  /** Of a single answer in a fresh process. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Routes, or findings. */
  readonly count: number;
  readonly broken: number;
}

/** In a process of its own, so that each starts cold and has a memory of its own. */
function measure(verb: string, directory: string): void {
  const begun = performance.now();
  const cloud = readCloud(readAssembly(directory));
  const routes = verb === 'routes' ? routesOf(cloud) : [];
  const count = verb === 'routes' ? routes.length : findingsIn(cloud).length;
  const seconds = (performance.now() - begun) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const broken = routes.filter((route) => route.broken.length > 0).length;
  console.log(JSON.stringify({ seconds, megabytes, count, broken } satisfies Measured));
}

function measured(verb: string, directory: string): Measured {
  const parameters = ['--import', 'tsx', import.meta.filename, verb, directory];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

function bench(): void {
  const root = mkdtempSync(join(tmpdir(), 'mergecast-bench-audit-'));
  try {
    const patterns = synthesizedPatterns(join(root, 'own'));
    console.log('verb    environments  seconds  megabytes  found  broken');
    for (const size of sizes) {
      const directory = join(root, String(size));
      writeAssembly(directory, patterns, size);
      for (const verb of ['routes', 'check']) {
        const { seconds, megabytes, count, broken } = measured(verb, directory);
        const cells = [
          verb.padEnd(7),
          String(size).padStart(12),
          seconds.toFixed(2).padStart(8),
          megabytes.toFixed(0).padStart(10),
          String(count).padStart(6),
          String(broken).padStart(7),
        ];
        console.log(cells.join(' '));
        const kept =
          verb !== 'routes' ||
          (seconds <= promisedSeconds && megabytes <= promisedMegabytes && count === 3 * size && broken === 0);
        if (!kept) process.exitCode = 1;
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const [, , verb, directory] = process.argv;
if (verb !== undefined && directory !== undefined) measure(verb, directory);
else bench();
