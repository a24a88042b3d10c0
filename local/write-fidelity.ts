import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fidelity } from './fidelity.ts';

// Run by `npm run docs`.
writeFileSync(join(import.meta.dirname, 'README.md'), fidelity());
