import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Parameter, parameterArn, parameters } from './tables.ts';

/** Writes a parameter's next version. */
export function writeParameter(world: World, at: Place, wanted: Pick<Parameter, 'name' | 'type' | 'value'>): Parameter {
  const arn = parameterArn(wanted.name, at);
  const version = (world.store.in(parameters).get(arn)?.version ?? 0) + 1;
  const parameter = { ...wanted, arn, version, modifiedAt: world.clock.date().toISOString() };
  world.store.in(parameters).put(arn, parameter);
  return parameter;
}

/** Creates a parameter, or overwrites it when asked to. */
export const putParameter = operation({
  input: z.object({
    Name: z.string().regex(/^[\w./-]{1,1011}$/),
    Value: z.string().min(1).max(8192),
    Type: z.enum(['String', 'StringList', 'SecureString']).default('String'),
    Overwrite: z.boolean().default(false),
  }),
  access: ({ Name }, call) => [{ action: 'ssm:PutParameter', resource: parameterArn(Name, call) }],
  run: ({ Name, Value, Type, Overwrite }, call) => {
    if (!Overwrite && call.world.store.in(parameters).has(parameterArn(Name, call))) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    return {
      Version: writeParameter(call.world, call, { name: Name, type: Type, value: Value }).version,
      Tier: 'Standard',
    };
  },
});
