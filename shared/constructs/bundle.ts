import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'mergecast');

/** A handler with all it imports as one minified file, for Node 20 and newer. Equal sources give the same folder and so the same asset. */
export function bundled(entry: string): Code {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    keepNames: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'error',
  });
  const content = outputFiles[0]?.contents ?? new Uint8Array();
  const directory = join(cache, createHash('sha256').update(content).digest('hex').slice(0, 32));
  if (!existsSync(directory)) writeWhole(directory, content);
  return Code.fromAsset(directory);
}

/** Writes beside and renames, so that two syntheses at once never see half a bundle. */
function writeWhole(directory: string, content: Uint8Array): void {
  const staging = `${directory}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, 'index.js'), content);
  try {
    renameSync(staging, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}
