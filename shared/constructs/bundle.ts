import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, version } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'mergecast');

const options: BuildOptions = {
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
  logLevel: 'error',
};

/** What was bundled from an entry: its folder in the cache, and every file that went into it. */
interface Bundle {
  readonly folder: string;
  readonly inputs: readonly string[];
  /** Of version, size and time of change of each input: when it differs, the entry is bundled again. */
  readonly stamp: string;
}

/** A handler with all it imports as one minified file, for Node 20 and newer. Equal sources give the same folder and so the same asset. */
export function bundled(entry: string): Code {
  const directory = directories.get(entry) ?? directoryOf(entry);
  directories.set(entry, directory);
  return Code.fromAsset(directory);
}

/** By entry: environments share a bundle, and it is looked for once. */
const directories = new Map<string, string>();

function directoryOf(entry: string): string {
  const note = join(cache, `${digest(JSON.stringify([relative(root, entry), options]))}.json`);
  const known = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as Bundle) : undefined;
  const isFresh = known !== undefined && existsSync(join(cache, known.folder)) && known.stamp === stampOf(known.inputs);
  if (isFresh) return join(cache, known.folder);
  const began = Date.now();
  const made = bundle(entry);
  // A file that was saved meanwhile may be in the bundle as it was before: such a bundle is used once and not noted.
  if (made.inputs.every((input) => statSync(join(root, input)).mtimeMs < began))
    writeWhole(note, (staging) => writeFileSync(staging, JSON.stringify(made)));
  return join(cache, made.folder);
}

function bundle(entry: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    ...options,
    entryPoints: [entry],
    absWorkingDir: root,
    metafile: true,
    write: false,
  });
  const content = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = digest(content);
  if (!existsSync(join(cache, folder)))
    writeWhole(join(cache, folder), (staging) => {
      mkdirSync(staging);
      writeFileSync(join(staging, 'index.js'), content);
    });
  const inputs = Object.keys(metafile.inputs);
  return { folder, inputs, stamp: stampOf(inputs) };
}

function stampOf(inputs: readonly string[]): string {
  const marks = inputs.map((input) => {
    const found = statSync(join(root, input), { throwIfNoEntry: false });
    return `${input} ${found?.size} ${found?.mtimeMs}`;
  });
  return digest([version, ...marks].join('\n'));
}

/** Writes beside and renames, so that two syntheses at once never see half of anything. */
function writeWhole(path: string, write: (staging: string) => void): void {
  mkdirSync(cache, { recursive: true });
  const staging = `${path}.${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  write(staging);
  try {
    renameSync(staging, path);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
}

const digest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32);
