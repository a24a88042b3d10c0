import { z } from 'zod';
import { policyDocument } from '../../world/properties.ts';
import { type Place, resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { arnOfUrl, requireQueue } from './queues.ts';
import { checkSettings } from './settings.ts';
import { queues } from './tables.ts';

/** AWS::SQS::QueuePolicy: the policy of one or more queues. */
export const queuePolicy = resource({
  properties: z.strictObject({ Queues: z.array(z.string()).min(1), PolicyDocument: policyDocument }),
  access: ({ Queues }, at) => Queues.map((url) => ({ action: 'sqs:SetQueueAttributes', resource: arnOfUrl(url, at) })),
  put: ({ Queues, PolicyDocument }, at, previous) => {
    checkSettings({ Policy: JSON.stringify(PolicyDocument) });
    for (const url of previous?.properties.Queues ?? [])
      if (!Queues.includes(url)) setPolicy(at.world, url, at, undefined);
    for (const url of Queues) {
      requireQueue(at.world, url, at);
      setPolicy(at.world, url, at, JSON.stringify(PolicyDocument));
    }
    const id = previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    return { physicalId: id, attributes: { Id: id } };
  },
  remove: ({ properties }, at) => {
    for (const url of properties.Queues) setPolicy(at.world, url, at, undefined);
  },
});

function setPolicy(world: World, url: string, place: Place, policy: string | undefined): void {
  world.store.in(queues).update(arnOfUrl(url, place), (queue) => {
    const others = Object.fromEntries(Object.entries(queue.settings).filter(([name]) => name !== 'Policy'));
    return { ...queue, settings: { ...others, ...(policy === undefined ? {} : { Policy: policy }) } };
  });
}
