import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSealedDirectory } from '../../../audit/seal/read-directory.ts';
import { verifyTrail } from '../../../audit/seal/verify.ts';
import { headKey, readHead } from '../../../events/trail-seal.ts';
import { sealed } from './sealed.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'docs', 'verify-with-openssl.sh');
const withOpenssl = spawnSync('sh', ['-c', 'command -v openssl']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'mergecast-openssl-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { objects, publicKey } = sealed(3, 5);
const key = join(folder, 'key.pem');
writeFileSync(key, publicKey.export({ format: 'pem', type: 'spki' }));
for (const [name, text] of objects) {
  mkdirSync(dirname(join(folder, 'whole', name)), { recursive: true });
  writeFileSync(join(folder, 'whole', name), text);
}
const segment = readHead(objects.get(headKey(2)) ?? '').head.segment;

/** Changes the lines of a file of the copy. */
const lines = (name: string, change: (lines: readonly string[]) => readonly string[]) => (copy: string) => {
  const file = join(copy, name);
  writeFileSync(file, change(readFileSync(file, 'utf8').split('\n')).join('\n'));
};

test.skipIf(!withOpenssl).each<readonly [string, (copy: string) => void, RegExp | undefined]>([
  ['is whole', () => undefined, undefined],
  [
    'has an altered record',
    lines(segment, ([a = '', ...rest]) => [a.replace('Nothing', 'Anything'), ...rest]),
    /:1 was altered or added/,
  ],
  ['lacks a record', lines(segment, (all) => all.toSpliced(2, 1)), /sealed line 3 is altered or gone/],
  ['has a record twice', lines(segment, (all) => all.toSpliced(2, 0, all[1] ?? '')), /:3 is line 2 a second time/],
  [
    'has two records swapped',
    lines(segment, ([a = '', b = '', ...rest]) => [b, a, ...rest]),
    /:2 was moved: it is sealed as line 1/,
  ],
  [
    'is cut off within a record',
    (copy) => writeFileSync(join(copy, segment), (objects.get(segment) ?? '').slice(0, -9)),
    /sealed line 5 is altered or gone/,
  ],
  [
    'has another window in a head',
    lines(headKey(2), ([body = '', ...rest]) => [
      body.replace(/"until":"1970-01-01T02/, '"until":"1970-01-01T03'),
      ...rest,
    ]),
    /heads\/0000000002\.json: the signature is wrong/,
  ],
  [
    'has a head of another number',
    (copy) => cpSync(join(copy, headKey(1)), join(copy, headKey(2))),
    /says that it is number 1/,
  ],
  ['lacks a head', (copy) => rmSync(join(copy, headKey(2))), /heads\/0000000002\.json is missing/],
  ['lacks a segment', (copy) => rmSync(join(copy, segment)), /is missing/],
])('a copy that %s is judged alike by openssl and by mergecast verify', async (what, damage, told) => {
  const copy = join(folder, what.replaceAll(' ', '-'));
  cpSync(join(folder, 'whole'), copy, { recursive: true });
  damage(copy);

  const { status, stdout } = spawnSync('sh', [script, copy, key], { encoding: 'utf8' });
  const { damages } = await verifyTrail(readSealedDirectory(copy), publicKey);

  expect(status, stdout).toBe(told === undefined ? 0 : 1);
  expect(damages.length > 0).toBe(told !== undefined);
  expect(stdout).toMatch(told ?? /^3 heads, sealed until 1970-01-01T03:00:00\.000Z, last head [0-9a-f]{64}\n$/);
});
