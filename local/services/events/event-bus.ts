import { z } from 'zod';
import { policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { asPolicy, writeBusPolicy } from './bus-policy.ts';
import { busSettings, busSettingsShape, busSimplified } from './bus-settings.ts';
import { busArn } from './buses.ts';
import { busName, makeBus } from './create-event-bus.ts';
import { removeBus } from './delete-event-bus.ts';
import { buses } from './tables.ts';

/** AWS::Events::EventBus. */
export const eventBus = resource({
  simplified: busSimplified,
  properties: z.strictObject({
    Name: busName,
    ...busSettingsShape,
    Policy: policyDocument.optional(),
    Tags: tags.optional(),
  }),
  access: ({ Name }, at, change) => [
    {
      action: { create: 'events:CreateEventBus', update: 'events:UpdateEventBus', delete: 'events:DeleteEventBus' }[
        change
      ],
      resource: busArn(at, Name),
    },
  ],
  put: ({ Name, Policy, Tags = [], ...wanted }, at, previous) => {
    const arn = busArn(at, Name);
    const settings = {
      name: Name,
      tags: { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) },
      ...busSettings(wanted),
    };
    if (previous?.physicalId !== Name) makeBus(at.world, at, settings);
    else at.world.store.in(buses).update(arn, (bus) => ({ ...bus, ...settings, modifiedAt: at.world.clock.now() }));
    if (Policy !== undefined) writeBusPolicy(at.world, arn, asPolicy(Policy));
    return { physicalId: Name, attributes: { Arn: arn, Name } };
  },
  remove: ({ attributes }, { world }) => removeBus(world, String(attributes['Arn'])),
});
