import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headPrefix } from '../../events/trail-seal.ts';
import { Fault } from '../../shared/fault.ts';
import type { SealedTrail } from './verify.ts';

/** The sealed trail in a copy of its bucket, such as `aws s3 sync` makes. Throws SealMissing where there is no such copy. */
export function readSealedDirectory(directory: string): SealedTrail {
  const heads = join(directory, headPrefix);
  if (!existsSync(heads)) throw new Fault('SealMissing', `'${directory}' holds no ${headPrefix}`);
  return {
    headKeys: readdirSync(heads).map((name) => `${headPrefix}${name}`),
    // A key comes from a head, and a head may be forged: it never leads out of the copy.
    read: (key) => Promise.resolve(/^(heads|segments)\/[\w.-]+$/.test(key) ? textAt(join(directory, key)) : undefined),
    damages: [],
  };
}

const textAt = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
