import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { tierOf } from './limits.ts';
import { writeParameter } from './put-parameter.ts';
import { parameterArn, parameters } from './tables.ts';

/** AWS::SSM::Parameter. CloudFormation makes no SecureStrings. */
export const parameter = resource({
  properties: z.strictObject({
    Name: z.string().optional(),
    Type: z.enum(['String', 'StringList']),
    Value: z.string(),
    Description: z.string().optional(),
    Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
    DataType: z.literal('text').optional(),
    Tags: z.record(z.string(), z.string()).optional(),
  }),
  access: ({ Name }, at, change) => [
    {
      action: change === 'delete' ? 'ssm:DeleteParameter' : 'ssm:PutParameter',
      resource: parameterArn(Name ?? '*', at),
    },
  ],
  put: ({ Name, Type, Value, Description, Tier, Tags }, at, previous) => {
    const name = Name ?? previous?.physicalId ?? `CFN-${at.logicalId}-${at.world.chance.hex(12)}`;
    const known = at.world.store.in(parameters).get(parameterArn(name, at));
    if (previous?.physicalId !== name) refuseIfThere('AWS::SSM::Parameter', name, known !== undefined);
    writeParameter(at.world, at, {
      name,
      type: Type,
      value: Value,
      tier: tierOf(Tier, Value, known?.tier),
      tags: { ...at.tags, ...Tags },
      ...(Description === undefined ? {} : { description: Description }),
    });
    return { physicalId: name, attributes: { Type, Value } };
  },
  remove: ({ physicalId }, at) => void at.world.store.in(parameters).delete(parameterArn(physicalId, at)),
});
