import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesizeInto } from './journeys/assemblies.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of the default organisation's cloud assembly. */
    assembly: string;
  }
}

/** Synthesizes once for all tests that play the default organisation. */
export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-cdk-out-'));
  synthesizeInto(directory);
  project.provide('assembly', directory);
  return () => rmSync(directory, { recursive: true, force: true });
}
