import { z } from 'zod';
import { numeric, policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { archiveName } from './archive-operations.ts';
import { archiveArn, writeArchive } from './archives.ts';
import { archives } from './tables.ts';

/** AWS::Events::Archive. */
export const archive = resource({
  properties: z.strictObject({
    ArchiveName: archiveName.optional(),
    SourceArn: z.string(),
    Description: z.string().max(512).optional(),
    EventPattern: policyDocument.optional(),
    RetentionDays: numeric.optional(),
  }),
  access: ({ ArchiveName }, at, change) => [
    {
      action: { create: 'events:CreateArchive', update: 'events:UpdateArchive', delete: 'events:DeleteArchive' }[
        change
      ],
      resource: archiveArn(at, ArchiveName ?? `${at.stackName.slice(0, 20)}*`),
    },
  ],
  put: ({ ArchiveName, SourceArn, Description, EventPattern, RetentionDays }, at, previous) => {
    const generated = () => `${at.stackName.slice(0, 20)}-${at.logicalId.slice(0, 14)}-${at.world.chance.hex(12)}`;
    const name = ArchiveName ?? previous?.physicalId ?? generated();
    const there = previous?.physicalId !== name && at.world.store.in(archives).has(archiveArn(at, name));
    refuseIfThere('AWS::Events::Archive', name, there);
    const { arn } = writeArchive(at.world, at, {
      name,
      busArn: SourceArn,
      ...(Description === undefined ? {} : { description: Description }),
      ...(EventPattern === undefined ? {} : { pattern: JSON.stringify(EventPattern) }),
      ...(RetentionDays === undefined ? {} : { retentionDays: RetentionDays }),
    });
    return { physicalId: name, attributes: { Arn: arn, ArchiveName: name } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(archives).delete(String(attributes['Arn'])),
});
