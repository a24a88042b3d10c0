import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { findTarget, functionAccess } from './find.ts';
import { type EventInvokeConfig, eventInvokeConfigs } from './tables.ts';

const path = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const query = { Qualifier: 'Qualifier' };
const named = { FunctionName: z.string(), Qualifier: z.string().optional() };
const destination = z.object({ Destination: z.string().optional() });

const shown = (arn: string, config: EventInvokeConfig) => ({
  FunctionArn: arn.split(':').length > 7 ? arn : `${arn}:$LATEST`,
  MaximumRetryAttempts: config.maximumRetryAttempts,
  MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
  DestinationConfig: {
    OnSuccess: config.onSuccessArn === undefined ? {} : { Destination: config.onSuccessArn },
    OnFailure: config.onFailureArn === undefined ? {} : { Destination: config.onFailureArn },
  },
});

/** How asynchronous invocations of a function, version or alias are treated. */
export const getFunctionEventInvokeConfig = operation({
  simplified: 'The time of the last change is not kept.',
  http: { method: 'GET', path, query },
  input: z.object(named),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'GetFunctionEventInvokeConfig', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier }, call) => {
    const { fn, arn } = findTarget(call.world, FunctionName, call, Qualifier);
    const config = call.world.store.in(eventInvokeConfigs).get(arn);
    if (config === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `The function ${arn === fn.arn ? `${arn}:$LATEST` : arn} doesn't have an EventInvokeConfig`,
        404,
      );
    return shown(arn, config);
  },
});

/** Sets it as a whole. */
export const putFunctionEventInvokeConfig = operation({
  simplified: 'The time of the last change is not kept.',
  http: { method: 'PUT', path, query },
  input: z.object({
    ...named,
    MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
    MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
    DestinationConfig: z.object({ OnSuccess: destination.optional(), OnFailure: destination.optional() }).default({}),
  }),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'PutFunctionEventInvokeConfig', FunctionName, call, Qualifier),
  ],
  run: (wanted, call) => {
    const { arn } = findTarget(call.world, wanted.FunctionName, call, wanted.Qualifier);
    const onSuccessArn = wanted.DestinationConfig.OnSuccess?.Destination;
    const onFailureArn = wanted.DestinationConfig.OnFailure?.Destination;
    const config: EventInvokeConfig = {
      maximumRetryAttempts: wanted.MaximumRetryAttempts,
      maximumEventAgeSeconds: wanted.MaximumEventAgeInSeconds,
      ...(onSuccessArn === undefined ? {} : { onSuccessArn }),
      ...(onFailureArn === undefined ? {} : { onFailureArn }),
    };
    call.world.store.in(eventInvokeConfigs).put(arn, config);
    return shown(arn, config);
  },
});

/** Goes back to the defaults. */
export const deleteFunctionEventInvokeConfig = operation({
  http: { method: 'DELETE', path, query, status: 204 },
  input: z.object(named),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'DeleteFunctionEventInvokeConfig', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier }, call) => {
    const { arn } = findTarget(call.world, FunctionName, call, Qualifier);
    call.world.store.in(eventInvokeConfigs).delete(arn);
    return {};
  },
});
