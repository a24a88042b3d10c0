import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The checkout that is tested. */
export const checkout = join(import.meta.dirname, '..');

/** Runs the app as `npm run synth` does; what it printed is empty when it had nothing to say. */
export function run(directory: string, parameters: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const out = mkdtempSync(join(tmpdir(), 'mergecast-out-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'app.ts', ...parameters], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: out, CDK_VALIDATION: 'false', ...environment },
  });
  return { directory: out, status, output: stdout + stderr };
}

/** The templates in a directory, by name. */
export function templates(directory: string): ReadonlyMap<string, string> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** What synthesis reads, in a directory of its own. */
export function copyOfCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mergecast-checkout-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const part of [
    'app.ts',
    'organisation.ts',
    'package.json',
    'shared',
    'events',
    'devops-account',
    'workload-account',
  ])
    cpSync(join(checkout, part), join(copy, part), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
