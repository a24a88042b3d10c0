import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchemas } from './seal/schemas.ts';

// Run by `npm run docs`.
for (const [file, text] of Object.entries(publishedSchemas))
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'schema', file), text);
