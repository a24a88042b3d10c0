import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { requireBus } from './buses.ts';
import { readPattern } from './rules.ts';
import { type Archive, archives } from './tables.ts';

/** What an archive is made or changed with. */
export interface WantedArchive {
  readonly name: string;
  readonly busArn: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly retentionDays?: number;
}

/** The ARN of an archive. */
export const archiveArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:events:${region}:${account}:archive/${name}`;

/** The archive of that name. Throws ResourceNotFoundException. */
export function requireArchive(world: World, place: Place, name: string): Archive {
  const archive = world.store.in(archives).get(archiveArn(place, name));
  if (archive === undefined) throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
  return archive;
}

/** Makes an archive, or changes it and keeps its events. */
export function writeArchive(world: World, place: Place, wanted: WantedArchive): Archive {
  const bus = requireBus(world, place, wanted.busArn);
  const arn = archiveArn(place, wanted.name);
  const known = world.store.in(archives).get(arn);
  const archive: Archive = {
    arn,
    account: place.account,
    region: place.region,
    name: wanted.name,
    busArn: bus.arn,
    retentionDays: wanted.retentionDays ?? 0,
    createdAt: known?.createdAt ?? world.clock.now(),
    events: known?.events ?? [],
    sizeBytes: known?.sizeBytes ?? 0,
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    ...(wanted.pattern === undefined ? {} : { patternText: wanted.pattern, pattern: readPattern(wanted.pattern) }),
  };
  world.store.in(archives).put(arn, archive);
  return archive;
}

/** An archive as ListArchives shows it. */
export const shownArchive = (archive: Archive) => ({
  ArchiveName: archive.name,
  EventSourceArn: archive.busArn,
  State: 'ENABLED',
  RetentionDays: archive.retentionDays,
  SizeBytes: archive.sizeBytes,
  EventCount: archive.events.length,
  CreationTime: new Date(archive.createdAt),
});
