import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishedSchemas } from '../../../audit/seal/schemas.ts';
import merged from '../../../events/examples/branch-merged.json' with { type: 'json' };
import { recordOf } from '../../../events/trail-record.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'schema');

test('the published schemas are those of the code; npm run docs writes them', () => {
  const published = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);

  expect(Object.fromEntries(published)).toEqual(publishedSchemas);
});

test('a record tells its fact, its cause and who, and holds the event byte for byte', () => {
  const message = JSON.stringify(merged);
  const record = recordOf({ eventId: '7', timestamp: 1000, ingestionTime: 2000, message });

  expect(record).toMatchObject({
    version: '1',
    id: merged.id,
    fact: 'announced',
    cause: merged.detail.sourceEvent.id,
    occurredAt: merged.time,
    recordedAt: '1970-01-01T00:00:02.000Z',
    account: merged.account,
    event: message,
  });
});
