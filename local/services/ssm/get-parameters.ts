import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { type Parameter, parameterArn, parameters } from './tables.ts';

const shown = (parameter: Parameter) => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: parameter.value,
  Version: parameter.version,
  ARN: parameter.arn,
  LastModifiedDate: new Date(parameter.modifiedAt),
  DataType: 'text',
});

/** One parameter by name or ARN. */
export const getParameter = operation({
  input: z.object({ Name: z.string(), WithDecryption: z.boolean().optional() }),
  access: ({ Name }, call) => [{ action: 'ssm:GetParameter', resource: parameterArn(Name, call) }],
  run: ({ Name }, call) => {
    const parameter = call.world.store.in(parameters).get(parameterArn(Name, call));
    if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
    return { Parameter: shown(parameter) };
  },
});

/** Up to ten parameters; names that do not exist are listed, not refused. */
export const getParameters = operation({
  input: z.object({ Names: z.array(z.string()).min(1).max(10), WithDecryption: z.boolean().optional() }),
  access: ({ Names }, call) =>
    Names.map((name) => ({ action: 'ssm:GetParameters', resource: parameterArn(name, call) })),
  run: ({ Names }, call) => {
    const found = Names.map((name) => [name, call.world.store.in(parameters).get(parameterArn(name, call))] as const);
    return {
      Parameters: found.flatMap(([, parameter]) => (parameter === undefined ? [] : [shown(parameter)])),
      InvalidParameters: found.flatMap(([name, parameter]) => (parameter === undefined ? [name] : [])),
    };
  },
});
