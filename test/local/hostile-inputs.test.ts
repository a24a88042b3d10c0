import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import yazl from 'yazl';
import { nextRun, parseSchedule } from '../../local/services/scheduler/expression.ts';
import { AwsError } from '../../local/world/failure.ts';
import { readZipEntry, unzip } from '../../local/world/zip.ts';
import { broken } from '../languages/broken-text.ts';

const fuzzed = process.env['FUZZ_RUNS'];
const numRuns = fuzzed === undefined ? 150 : Math.ceil(Number(fuzzed) / 50);
const root = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const expressions = [
  ...['rate(5 minutes)', 'rate(1 day)', 'cron(0 12 * * ? *)', 'cron(0/15 8-17 ? * MON-FRI 2026)', 'cron(0 0 L * ? *)'],
  ...['cron(5 4 15W FEB ? *)', 'cron(0 0 ? * 6#3 *)', 'cron(0 0 ? * 2L 2027-2030)', 'at(2026-11-23T07:00:00)'],
];
const pieces = ['*', '/', '-', ',', '0', '9', '99', 'L', 'W', '#', '?', ' ', '\t', 'SUN', 'e', '(', ')', '\0', '٣'];

test('no broken schedule crashes, and its next run is in the future or never', () => {
  const after = Date.UTC(2026, 10, 23, 12);

  fc.assert(
    fc.property(broken(expressions, pieces), fc.constantFrom('UTC', 'Europe/Berlin'), (text, zone) => {
      try {
        const next = nextRun(parseSchedule(text, 'schedule'), { after, since: 0, zone });
        expect(next === undefined || (Number.isFinite(next) && next > after), text).toBe(true);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        expect(error.code).toBe('ValidationException');
      }
    }),
    { numRuns },
  );
});

test.each([
  'at(2026-99-99T07:00:00)',
  'at(2026-11-23T25:00:00)',
  'cron(1-2-3 * * * ? *)',
  'cron(*-5 * * * ? *)',
  'cron(0 12 * * ? * *)',
  `cron(${'0,'.repeat(100_000)} * * * ? *)`,
  'rate(0 minutes)',
  'rate(999999999999 days)',
])('%s is no schedule', (text) => {
  expect(() => parseSchedule(text, 'schedule')).toThrow('Invalid Schedule Expression');
});

/** A zip of two files; the second deflated. */
async function zipOf(names: readonly string[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [index, name] of names.entries())
    zip.addBuffer(Buffer.from('content '.repeat(50)), name, { compress: index % 2 === 1 });
  zip.end();
  return buffer(zip.outputStream);
}

/** Reads a zip, or is refused; everything else that is thrown is a crash. */
async function survive(content: Buffer): Promise<void> {
  const directory = mkdtempSync(join(root, 'zip-'));
  try {
    for (const read of [() => unzip(content, directory), () => readZipEntry(content, 'dir/b.txt')])
      await read().catch((error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        expect(error.code).toBe('InvalidZip');
      });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test('no broken zip crashes, and none writes outside its directory', async () => {
  const whole = await zipOf(['a.txt', 'dir/b.txt', 'dir/c.txt']);
  const change = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ maxLength: 4 }), cut: fc.nat(6) });

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const content = changes.reduce(
        (zip, { at, bytes, cut }) =>
          Buffer.concat([zip.subarray(0, at), bytes, zip.subarray(at + Math.max(cut, bytes.length))]),
        whole,
      );
      await survive(content);
      expect(readdirSync(root)).toEqual([]);
    }),
    { numRuns },
  );
}, 3_600_000);

test.each([
  ['a file where a directory has to be', ['a', 'a/b']],
  ['a directory where a file has to be', ['a/b', 'a']],
  ['a name that no file system takes', ['a', 'x'.repeat(5000)]],
  ['the same name twice', ['a', 'a']],
])('%s: refused or read, never a crash', async (_, names) => {
  await survive(await zipOf(names));
});

test('what is deflated wrongly is refused by name', async () => {
  const whole = await zipOf(['a.txt', 'dir/b.txt']);
  const content = Buffer.from(whole);
  const second = content.indexOf('PK\x03\x04', 4, 'latin1') + 30 + 'dir/b.txt'.length;
  content.fill(0xff, second, second + 8);

  await expect(readZipEntry(content, 'dir/b.txt')).rejects.toThrow('Could not unzip the file');
  await expect(unzip(content, mkdtempSync(join(root, 'zip-')))).rejects.toMatchObject({ code: 'InvalidZip' });
});
