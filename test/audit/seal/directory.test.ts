import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSealedDirectory } from '../../../audit/seal/read-directory.ts';
import { verifyTrail } from '../../../audit/seal/verify.ts';
import { sealed } from './sealed.ts';

const folder = mkdtempSync(join(tmpdir(), 'mergecast-sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a copy of the bucket is checked without asking anybody, and no key leads out of it', async () => {
  const { objects, publicKey } = sealed(2, 3);
  for (const [key, text] of objects) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), text);
  }
  const copy = readSealedDirectory(folder);

  expect(await verifyTrail(copy, publicKey)).toMatchObject({ heads: 2, records: 6, damages: [] });
  expect(await copy.read('segments/../../../etc/passwd')).toBeUndefined();
  expect(() => readSealedDirectory(join(folder, 'segments'))).toThrow(/^SealMissing/);
});
