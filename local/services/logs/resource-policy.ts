import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { groupKey } from './keep.ts';
import { writeResourcePolicy } from './resource-policy-operations.ts';
import { logResourcePolicies } from './tables.ts';

/** AWS::Logs::ResourcePolicy: who else may write to the groups of this account and region. */
export const resourcePolicy = resource({
  properties: z.strictObject({ PolicyName: z.string(), PolicyDocument: z.string() }),
  access: (_properties, _at, change) => [
    { action: change === 'delete' ? 'logs:DeleteResourcePolicy' : 'logs:PutResourcePolicy', resource: '*' },
  ],
  put: ({ PolicyName, PolicyDocument }, at) => {
    writeResourcePolicy(at.world, at, PolicyName, PolicyDocument);
    return { physicalId: PolicyName, attributes: {} };
  },
  remove: ({ physicalId }, at) => void at.world.store.in(logResourcePolicies).delete(groupKey(at, physicalId)),
});
