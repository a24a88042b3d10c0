import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultExportOf } from '../../shared/default-export.ts';

function fileOf(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-own-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'own.mjs');
  writeFileSync(path, text);
  return path;
}

const refuse = (what: string) => new Error(what);

test('what a file exports by default is answered, and nothing when it exports nothing', async () => {
  expect(await defaultExportOf(fileOf('export default [1];'), refuse)).toEqual([1]);
  expect(await defaultExportOf(fileOf('export const a = 1;'), refuse)).toBeUndefined();
});

test.each([
  ['throws', "const a = 1;\nthrow new Error('not today');", /own\.mjs:2: Error: not today$/],
  ['names what is not there', '\n\nexport default pipelnes();', /own\.mjs:3: ReferenceError: pipelnes is not defined$/],
  ['imports what is not there', "import './nonesuch.mjs';", /own\.mjs.*: .*nonesuch\.mjs/],
  ['cannot be read', 'export default (', /own\.mjs.*: .+/],
])('a file that %s is refused with its name, the line and the reason', async (_what, text, words) => {
  await expect(defaultExportOf(fileOf(text), refuse)).rejects.toThrow(words);
});
