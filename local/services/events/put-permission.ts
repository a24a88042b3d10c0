import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { asPolicy, removeBusStatement, writeBusPolicy, writeBusStatement } from './bus-policy.ts';
import { requireBus, resolveBusArn } from './buses.ts';

/** Lets an account, or with a condition an organisation, put events on a bus; or replaces the whole policy. */
export const putPermission = operation({
  input: z.object({
    EventBusName: z.string().optional(),
    Action: z.literal('events:PutEvents').optional(),
    Principal: z.string().optional(),
    StatementId: z.string().optional(),
    Condition: z
      .object({ Type: z.literal('StringEquals'), Key: z.literal('aws:PrincipalOrgID'), Value: z.string() })
      .optional(),
    Policy: z.string().optional(),
  }),
  access: ({ EventBusName }, call) => [{ action: 'events:PutPermission', resource: resolveBusArn(call, EventBusName) }],
  run: (input, call) => {
    const bus = requireBus(call.world, call, input.EventBusName);
    if (input.Policy !== undefined) writeBusPolicy(call.world, bus.arn, asPolicy(readDocument(input.Policy)));
    else writeBusStatement(call.world, bus, statementOf(input, bus.arn));
    return {};
  },
});

function statementOf(
  {
    Action,
    Principal,
    StatementId,
    Condition,
  }: { Action?: string; Principal?: string; StatementId?: string; Condition?: { Key: string; Value: string } },
  arn: string,
) {
  if (Action === undefined || Principal === undefined || StatementId === undefined)
    throw new AwsError(
      'ValidationException',
      'Parameter(s) Action, Principal and StatementId must be specified, or Policy.',
    );
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: arn,
    ...(Condition === undefined ? {} : { Condition: { StringEquals: { [Condition.Key]: Condition.Value } } }),
  };
}

function readDocument(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new AwsError('ValidationException', 'Parameter Policy is not valid JSON.');
  }
}

/** Takes a statement, or all of them, off the policy of a bus. */
export const removePermission = operation({
  input: z.object({
    EventBusName: z.string().optional(),
    StatementId: z.string().optional(),
    RemoveAllPermissions: z.boolean().optional(),
  }),
  access: ({ EventBusName }, call) => [
    { action: 'events:RemovePermission', resource: resolveBusArn(call, EventBusName) },
  ],
  run: ({ EventBusName, StatementId, RemoveAllPermissions }, call) => {
    const bus = requireBus(call.world, call, EventBusName);
    if (RemoveAllPermissions) writeBusPolicy(call.world, bus.arn, undefined);
    else if (!removeBusStatement(call.world, bus, StatementId ?? ''))
      throw new AwsError('ResourceNotFoundException', 'Statement with the provided id does not exist.');
    return {};
  },
});
