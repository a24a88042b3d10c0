import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { removeBusStatement, writeBusStatement } from './bus-policy.ts';
import { findBus, requireBus, resolveBusArn } from './buses.ts';

/** AWS::Events::EventBusPolicy: one statement of a bus's policy. */
export const eventBusPolicy = resource({
  properties: z.strictObject({
    EventBusName: z.string().optional(),
    StatementId: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 characters of [a-zA-Z0-9-_]'),
    Statement: policyDocument.optional(),
    Action: z.string().optional(),
    Principal: z.string().optional(),
    Condition: z.strictObject({ Type: z.string(), Key: z.string(), Value: z.string() }).optional(),
  }),
  access: ({ EventBusName }, at, change) => [
    {
      action: change === 'delete' ? 'events:RemovePermission' : 'events:PutPermission',
      resource: resolveBusArn(at, EventBusName),
    },
  ],
  put: (wanted, at, previous) => {
    const bus = requireBus(at.world, at, wanted.EventBusName);
    if (previous !== undefined && previous.properties.StatementId !== wanted.StatementId)
      removeBusStatement(at.world, bus, previous.properties.StatementId);
    const current = requireBus(at.world, at, wanted.EventBusName);
    writeBusStatement(at.world, current, { Sid: wanted.StatementId, ...statementOf(wanted, bus.arn) });
    return { physicalId: `${bus.name}|${wanted.StatementId}`, attributes: {} };
  },
  remove: ({ properties }, at) => {
    const bus = findBus(at.world, at, properties.EventBusName);
    if (bus !== undefined) removeBusStatement(at.world, bus, properties.StatementId);
  },
});

interface Wanted {
  readonly Statement?: Record<string, unknown>;
  readonly Action?: string;
  readonly Principal?: string;
  readonly Condition?: { readonly Type: string; readonly Key: string; readonly Value: string };
}

function statementOf({ Statement, Action, Principal, Condition }: Wanted, busArn: string): Record<string, unknown> {
  if (Statement !== undefined) return Statement;
  if (Action === undefined || Principal === undefined)
    throw new AwsError('ValidationException', 'EventBusPolicy needs Statement, or Action and Principal.');
  return {
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: busArn,
    ...(Condition === undefined ? {} : { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } }),
  };
}
