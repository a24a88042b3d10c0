import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { archiveArn, requireArchive, shownArchive, writeArchive } from './archives.ts';
import { archives } from './tables.ts';

/** The names that AWS takes for archives. */
export const archiveName = z.string().regex(/^[\w.-]{1,48}$/, 'must be 1 to 48 characters of [\\.\\-_A-Za-z0-9]');
const settings = {
  Description: z.string().max(512).optional(),
  EventPattern: z.string().optional(),
  RetentionDays: numeric.pipe(z.number().int().min(0)).optional(),
};

const wantedOf = (input: { Description?: string; EventPattern?: string; RetentionDays?: number }) => ({
  ...(input.Description === undefined ? {} : { description: input.Description }),
  ...(input.EventPattern === undefined ? {} : { pattern: input.EventPattern }),
  ...(input.RetentionDays === undefined ? {} : { retentionDays: input.RetentionDays }),
});

/** Creates an archive of a bus. */
export const createArchive = operation({
  input: z.object({ ArchiveName: archiveName, EventSourceArn: z.string(), ...settings }),
  access: ({ ArchiveName }, call) => [{ action: 'events:CreateArchive', resource: archiveArn(call, ArchiveName) }],
  run: (input, call) => {
    if (call.world.store.in(archives).has(archiveArn(call, input.ArchiveName)))
      throw new AwsError('ResourceAlreadyExistsException', `Archive ${input.ArchiveName} already exists.`);
    const wanted = { name: input.ArchiveName, busArn: input.EventSourceArn, ...wantedOf(input) };
    const archive = writeArchive(call.world, call, wanted);
    return { ArchiveArn: archive.arn, State: 'ENABLED', CreationTime: new Date(archive.createdAt) };
  },
});

/** Changes an archive's pattern, retention and description. */
export const updateArchive = operation({
  input: z.object({ ArchiveName: archiveName, ...settings }),
  access: ({ ArchiveName }, call) => [{ action: 'events:UpdateArchive', resource: archiveArn(call, ArchiveName) }],
  run: (input, call) => {
    const known = requireArchive(call.world, call, input.ArchiveName);
    const kept = {
      ...(known.description === undefined ? {} : { description: known.description }),
      ...(known.patternText === undefined ? {} : { pattern: known.patternText }),
      retentionDays: known.retentionDays,
    };
    const wanted = { name: known.name, busArn: known.busArn, ...kept, ...wantedOf(input) };
    const archive = writeArchive(call.world, call, wanted);
    return { ArchiveArn: archive.arn, State: 'ENABLED', CreationTime: new Date(archive.createdAt) };
  },
});

/** Deletes an archive with its events. */
export const deleteArchive = operation({
  input: z.object({ ArchiveName: z.string() }),
  access: ({ ArchiveName }, call) => [{ action: 'events:DeleteArchive', resource: archiveArn(call, ArchiveName) }],
  run: ({ ArchiveName }, call) => {
    call.world.store.in(archives).delete(requireArchive(call.world, call, ArchiveName).arn);
    return {};
  },
});

/** One archive. */
export const describeArchive = operation({
  input: z.object({ ArchiveName: z.string() }),
  access: ({ ArchiveName }, call) => [{ action: 'events:DescribeArchive', resource: archiveArn(call, ArchiveName) }],
  run: ({ ArchiveName }, call) => {
    const archive = requireArchive(call.world, call, ArchiveName);
    return {
      ...shownArchive(archive),
      ArchiveArn: archive.arn,
      Description: archive.description,
      EventPattern: archive.patternText,
    };
  },
});

/** The archives of an account and region. */
export const listArchives = operation({
  input: z.object({
    NamePrefix: z.string().optional(),
    EventSourceArn: z.string().optional(),
    State: z.string().optional(),
    NextToken: z.string().optional(),
    Limit: pageLimit,
  }),
  access: () => [{ action: 'events:ListArchives', resource: '*' }],
  run: ({ NamePrefix = '', EventSourceArn, State, NextToken, Limit }, { world, account, region }) => {
    const found = world.store
      .in(archives)
      .where((archive) => archive.account === account && archive.region === region)
      .filter(({ name, busArn }) => name.startsWith(NamePrefix) && (EventSourceArn ?? busArn) === busArn)
      .filter(() => (State ?? 'ENABLED') === 'ENABLED');
    const page = pageOf(found, NextToken, Limit);
    return { Archives: page.items.map(shownArchive), NextToken: page.next };
  },
});
