import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fidelity } from '../../local/fidelity.ts';
import { services } from '../../local/services/index.ts';

const file = join(import.meta.dirname, '..', '..', 'local', 'README.md');

test('local/README.md says what the tables in the code say; npm run docs writes it', () => {
  expect(readFileSync(file, 'utf8')).toBe(fidelity());
});

test('each simplification is one sentence', () => {
  const sentences = fidelity()
    .split('\n')
    .flatMap((line) => /\| simplified \| (.*) \|$/.exec(line)?.[1] ?? /^- `\w+`: ([A-Z].*)$/.exec(line)?.[1] ?? []);

  expect(sentences.length).toBeGreaterThan(5);
  expect(sentences.filter((sentence) => !/^[A-Z].{15,250}\.$/.test(sentence))).toEqual([]);
});

test('what only services ask of each other is not offered', () => {
  expect(services['codecommit']?.operations).toHaveProperty('UploadArchive');
  expect(fidelity()).not.toContain('UploadArchive');
});
