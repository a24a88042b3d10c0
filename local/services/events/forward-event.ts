import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { arrive } from './arrive.ts';
import { findBus, requireBus } from './buses.ts';
import { busPolicy } from './rules.ts';
import type { BusEvent } from './tables.ts';

/** What a rule with a bus as its target does: PutEvents in IAM's eyes, but the event keeps its envelope. */
export const forwardEvent = operation({
  internal: true,
  input: z.object({
    busArn: z.string(),
    event: z.custom<BusEvent>((value) => typeof value === 'object' && value !== null),
    path: z.array(z.string()),
  }),
  access: ({ busArn, event }, call) => {
    const bus = findBus(call.world, call, busArn);
    return [
      {
        action: 'events:PutEvents',
        resource: busArn,
        owner: busArn.split(':')[4] ?? call.account,
        context: {
          'events:source': event.source,
          'events:detail-type': event['detail-type'],
          'events:eventBusInvocation': 'true',
        },
        ...(bus === undefined ? {} : busPolicy(bus)),
      },
    ];
  },
  run: ({ busArn, event, path }, call) => {
    const bus = requireBus(call.world, call, busArn);
    arrive(call.world, { bus, event, path, cause: call.cause });
    return {};
  },
});
