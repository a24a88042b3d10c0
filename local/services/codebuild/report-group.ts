import { z } from 'zod';
import { flag } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { groupShape, putGroup } from './report-groups.ts';
import { groupAccess, removeGroup } from './report-tables.ts';

const properties = z.strictObject({
  Name: groupShape.shape.name.optional(),
  Type: groupShape.shape.type,
  ExportConfig: z.looseObject({
    ExportConfigType: z.literal('NO_EXPORT', 'must be NO_EXPORT: the local cloud keeps raw data of reports nowhere'),
  }),
  DeleteReports: flag.optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
});

/** AWS::CodeBuild::ReportGroup. `Ref` answers its ARN. */
export const reportGroup = resource({
  simplified: 'A group that is removed takes its reports with it, whatever DeleteReports says.',
  properties,
  access: ({ Name = '*' }, at, change) => {
    const action = { create: 'CreateReportGroup', update: 'UpdateReportGroup', delete: 'DeleteReportGroup' }[change];
    return [groupAccess(action, Name, at)];
  },
  put: ({ Name, Type, Tags = [] }, at, previous) => {
    const known = previous?.attributes['Name'];
    const name =
      Name ?? (typeof known === 'string' ? known : `${at.logicalId.slice(0, 100)}-${at.world.chance.hex(12)}`);
    const tags = Tags.map(({ Key: key, Value: value }) => ({ key, value }));
    const { arn } = putGroup(at.world, at, { name, type: Type, tags });
    return { physicalId: arn, attributes: { Arn: arn, Name: name } };
  },
  remove: ({ physicalId }, { world }) => removeGroup(world, physicalId),
});
