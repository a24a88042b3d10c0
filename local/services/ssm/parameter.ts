import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { writeParameter } from './put-parameter.ts';
import { parameterArn, parameters } from './tables.ts';

/** AWS::SSM::Parameter. */
export const parameter = resource({
  properties: z.strictObject({
    Name: z.string().optional(),
    Type: z.enum(['String', 'StringList']),
    Value: z.string(),
    Description: z.string().optional(),
    Tags: z.record(z.string(), z.string()).optional(),
  }),
  access: ({ Name }, at, change) => [
    {
      action: change === 'delete' ? 'ssm:DeleteParameter' : 'ssm:PutParameter',
      resource: parameterArn(Name ?? '*', at),
    },
  ],
  put: ({ Name, Type, Value }, at, previous) => {
    const name = Name ?? previous?.physicalId ?? `CFN-${at.logicalId}-${at.world.chance.hex(12)}`;
    writeParameter(at.world, at, { name, type: Type, value: Value });
    return { physicalId: name, attributes: { Type, Value } };
  },
  remove: ({ physicalId }, at) => void at.world.store.in(parameters).delete(parameterArn(physicalId, at)),
});
