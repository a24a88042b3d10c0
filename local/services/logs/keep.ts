import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { measureLines } from './metric-filters.ts';
import { type LogGroup, type LogLine, type LogStream, lineCount, logGroups, logStreams } from './tables.ts';

/** A stream keeps this much; beyond it the oldest lines go. AWS keeps all; this is a developer's machine. */
const keptBytes = 8 * 1024 * 1024;
const keptLines = 20_000;
/** A group keeps that many streams; the one made first goes. */
const keptStreams = 500;

/** The key of a group's row. */
export const groupKey = ({ account, region }: Place, group: string): string => `${account}/${region}/${group}`;

/** The key of a stream's row. */
export const streamKey = (place: Place, group: string, stream: string): string =>
  `${groupKey(place, group)}\n${stream}`;

/** The group of that name, made without retention when it is missing. */
export function ensureGroup(world: World, place: Place, name: string): LogGroup {
  const known = world.store.in(logGroups).get(groupKey(place, name));
  if (known !== undefined) return known;
  const { account, region } = place;
  const group: LogGroup = {
    arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
    account,
    region,
    name,
    groupClass: 'STANDARD',
    tags: {},
    createdAt: world.clock.now(),
  };
  world.store.in(logGroups).put(groupKey(place, name), group);
  return group;
}

/** The stream of that name, made when it is missing. */
export function ensureStream(world: World, place: Place, group: string, name: string): LogStream {
  const rows = world.store.in(logStreams);
  const known = rows.get(streamKey(place, group, name));
  if (known !== undefined) return known;
  const { account, region } = place;
  const stream: LogStream = { group, account, region, name, createdAt: world.clock.now(), lines: [], bytes: 0 };
  const siblings = streamsOf(world, place, group);
  if (siblings.length >= keptStreams) rows.delete(streamKey(place, group, siblings[0]?.name ?? ''));
  rows.put(streamKey(place, group, name), stream);
  return stream;
}

/** The streams of a group in the order they were made. */
export const streamsOf = (world: World, { account, region }: Place, group: string): readonly LogStream[] =>
  world.store
    .in(logStreams)
    .where((stream) => stream.group === group && stream.account === account && stream.region === region);

/** Appends to an existing stream, within its bounds, and takes the metrics out of embedded-metric lines. */
export function appendLines(
  world: World,
  place: Place,
  { group, stream }: { readonly group: string; readonly stream: string },
  lines: readonly Pick<LogLine, 'timestamp' | 'message'>[],
): void {
  const kept = ensureStream(world, place, group, stream);
  const ingestionTime = world.clock.now();
  for (const { timestamp, message } of lines) {
    kept.lines.push({ id: nextId(world), timestamp, ingestionTime, message });
    kept.bytes += Buffer.byteLength(message);
    for (const metric of embeddedMetrics(message)) putMetric(world, place, metric);
  }
  trim(kept);
  measureLines(world, place, group, lines);
}

function nextId(world: World): string {
  const rows = world.store.in(lineCount);
  const next = rows.get('next') ?? 1;
  rows.put('next', next + 1);
  return String(next).padStart(56, '0');
}

/** Drops from the front in one go, and only once a quarter too much has gathered. */
function trim(stream: LogStream): void {
  if (stream.lines.length <= keptLines * 1.25 && stream.bytes <= keptBytes * 1.25) return;
  let drop = Math.max(0, stream.lines.length - keptLines);
  let bytes = stream.bytes;
  for (const line of stream.lines.slice(0, drop)) bytes -= Buffer.byteLength(line.message);
  while (bytes > keptBytes && drop < stream.lines.length - 1) {
    bytes -= Buffer.byteLength(stream.lines[drop]?.message ?? '');
    drop += 1;
  }
  stream.lines.splice(0, drop);
  stream.bytes = bytes;
}

/** Forgets what is older than the group's retention: done when somebody looks. */
export function forgetExpired(world: World, place: Place, group: string): void {
  const days = world.store.in(logGroups).get(groupKey(place, group))?.retentionDays;
  if (days === undefined) return;
  const since = world.clock.now() - days * 86_400_000;
  for (const stream of streamsOf(world, place, group)) {
    const fresh = stream.lines.filter((line) => line.timestamp >= since);
    if (fresh.length === stream.lines.length) continue;
    stream.lines.splice(0, stream.lines.length, ...fresh);
    stream.bytes = fresh.reduce((sum, line) => sum + Buffer.byteLength(line.message), 0);
  }
}
