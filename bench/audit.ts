/**
 * How long the static verbs of auditors take, from reading the assembly to the answer, at 10, 100 and 1,000 environments with three pipelines each.
 * `npx tsx bench/audit.ts` prints a table and fails when a promise is broken: routes within 5 s, checks and proofs of all default claims
 * within 20 s, each within 1 GB, at 1,000 environments, with a cost that grows no faster than the templates.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../assembly/read-assembly.ts';
import type { Assembly } from '../assembly/types.ts';
import { findingsIn } from '../audit/checks/index.ts';
import { readCloud } from '../audit/cloud/cloud.ts';
import { defaultClaims } from '../audit/proof/claims.ts';
import { prove } from '../audit/proof/prove.ts';
import { Templates } from '../audit/proof/templates.ts';
import { routesOf } from '../audit/routes/routes.ts';
import { synthesizedPatterns, writeAssembly } from './audit/assemblies.ts';

const sizes = [10, 100, 1000];
/** At every size; who-can-start and diff have no promise of their own. */
const promisedSeconds: Readonly<Record<string, number>> = { routes: 5, check: 20, prove: 20 };
const promisedMegabytes = 1024;

interface Measured {
  /** Of a single answer in a fresh process. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Routes, findings, or proven claims. */
  readonly count: number;
  /** Broken routes, findings, or claims that are not proven. */
  readonly wrong: number;
}

interface Answer {
  readonly count: number;
  readonly wrong: number;
}

const verbs: Readonly<Record<string, (assembly: Assembly) => Answer>> = {
  routes: (assembly) => {
    const found = routesOf(readCloud(assembly));
    return { count: found.length, wrong: found.filter(({ broken }) => broken.length > 0).length };
  },
  check: (assembly) => {
    const { length } = findingsIn(readCloud(assembly));
    return { count: length, wrong: length };
  },
  prove: (assembly) => {
    const proofs = prove(defaultClaims(assembly), new Templates(assembly));
    const proven = proofs.filter(({ verdict }) => verdict === 'proven').length;
    return { count: proven, wrong: proofs.length - proven };
  },
};

/** In a process of its own, so that each starts cold and has a memory of its own. */
function measure(verb: string, directory: string): void {
  const begun = performance.now();
  const { count, wrong } = verbs[verb]?.(readAssembly(directory)) ?? { count: 0, wrong: 1 };
  const seconds = (performance.now() - begun) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, megabytes, count, wrong } satisfies Measured));
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
    console.log('verb    environments  seconds  megabytes  found  wrong');
    for (const size of sizes) {
      const directory = join(root, String(size));
      writeAssembly(directory, patterns, size);
      for (const verb of Object.keys(verbs)) if (!isKept(verb, size, measured(verb, directory))) process.exitCode = 1;
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Prints what was measured; answers whether it is as promised. */
function isKept(verb: string, size: number, { seconds, megabytes, count, wrong }: Measured): boolean {
  const cells = [
    verb.padEnd(7),
    String(size).padStart(12),
    seconds.toFixed(2).padStart(8),
    megabytes.toFixed(0).padStart(10),
    String(count).padStart(6),
    String(wrong).padStart(6),
  ];
  console.log(cells.join(' '));
  const whole = wrong === 0 && (verb !== 'routes' || count === 3 * size);
  return whole && seconds <= (promisedSeconds[verb] ?? 0) && megabytes <= promisedMegabytes;
}

const [, , verb, directory] = process.argv;
if (verb !== undefined && directory !== undefined) measure(verb, directory);
else bench();
