import { readFileSync } from 'node:fs';
import { OrderRefused, price } from './price.js';

const stage = process.env.STAGE ?? 'local';
const commit = readCommit();

/** Prices an order: `{ lines: [{ sku, quantity, unitCents }] }`. The answer names the stage and commit that priced it. */
export async function handler(event) {
  try {
    const totalCents = price(event?.lines);
    console.log(JSON.stringify({ message: 'priced', stage, commit, totalCents }));
    return { statusCode: 200, stage, commit, totalCents };
  } catch (error) {
    if (!(error instanceof OrderRefused)) throw error;
    return { statusCode: 400, stage, commit, message: error.message };
  }
}

/** The build writes version.json; on a developer's machine there is none. */
function readCommit() {
  try {
    return JSON.parse(readFileSync(new URL('version.json', import.meta.url), 'utf8')).commit;
  } catch {
    return 'unbuilt';
  }
}
