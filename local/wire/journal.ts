import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';

/** Not an address of AWS: the journal is the local cloud's own. */
export const journalPath = '/_mergecast/journal';

/** The entries so far and then each new one, a JSON line each, until the reader leaves; with `?follow=false` only those so far. */
export function serveJournal(world: World, message: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const entry of world.journal.entries) response.write(`${JSON.stringify(entry)}\n`);
  if (message.url?.includes('follow=false')) {
    response.end();
    return;
  }
  const stop = world.journal.follow((entry) => void response.write(`${JSON.stringify(entry)}\n`));
  message.once('close', stop);
}
