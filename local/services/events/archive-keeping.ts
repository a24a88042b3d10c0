import { match } from '../../../languages/event-pattern/match.ts';
import type { World } from '../../world/world.ts';
import { type Archive, archives, type Bus, type BusEvent } from './tables.ts';

/** An archive keeps this many events; beyond it the oldest go. AWS keeps all; this is a developer's machine. */
const keptEvents = 10_000;

/** Keeps an event in each archive of the bus whose pattern it matches. What is replayed is never archived again. */
export function keepInArchives(world: World, bus: Bus, event: BusEvent): void {
  if (event['replay-name'] !== undefined) return;
  for (const archive of world.store.in(archives).where((row) => row.busArn === bus.arn)) {
    if (archive.pattern === undefined || match(archive.pattern, event).matched) keep(archive, event);
  }
}

function keep(archive: Archive, event: BusEvent): void {
  archive.events.push(event);
  archive.sizeBytes += Buffer.byteLength(JSON.stringify(event));
  if (archive.events.length > keptEvents * 1.25) archive.events.splice(0, archive.events.length - keptEvents);
}

/** The events still kept at `now` that happened from `from` on and before `until`, oldest first. All in milliseconds. */
export function keptBetween(archive: Archive, from: number, until: number, now: number): readonly BusEvent[] {
  const oldest = archive.retentionDays === 0 ? 0 : now - archive.retentionDays * 86_400_000;
  return archive.events
    .map((event) => ({ event, at: Date.parse(event.time) }))
    .filter(({ at }) => at >= Math.max(from, oldest) && at < until)
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}
