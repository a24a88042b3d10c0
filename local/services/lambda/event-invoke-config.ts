import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { functionArn } from './find.ts';
import { eventInvokeConfigs } from './tables.ts';

const destination = z.strictObject({ Destination: z.string() });

/** AWS::Lambda::EventInvokeConfig for `$LATEST`, a version or an alias. */
export const eventInvokeConfig = resource({
  properties: z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.string().regex(/^[\w$-]+$/),
    MaximumRetryAttempts: numeric.pipe(z.number().min(0).max(2)).optional(),
    MaximumEventAgeInSeconds: numeric.pipe(z.number().min(60).max(21_600)).optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: destination.optional(), OnSuccess: destination.optional() })
      .optional(),
  }),
  access: ({ FunctionName, Qualifier }, at) => [
    { action: 'lambda:PutFunctionEventInvokeConfig', resource: functionArn(FunctionName, at, Qualifier) },
  ],
  put: (properties, at) => {
    const arn = functionArn(properties.FunctionName, at, properties.Qualifier);
    const { OnFailure, OnSuccess } = properties.DestinationConfig ?? {};
    at.world.store.in(eventInvokeConfigs).put(arn, {
      maximumRetryAttempts: properties.MaximumRetryAttempts ?? 2,
      maximumEventAgeSeconds: properties.MaximumEventAgeInSeconds ?? 21_600,
      ...(OnFailure === undefined ? {} : { onFailureArn: OnFailure.Destination }),
      ...(OnSuccess === undefined ? {} : { onSuccessArn: OnSuccess.Destination }),
    });
    return { physicalId: `${at.stackName}-${at.logicalId}`, attributes: {} };
  },
  remove: ({ properties }, at) =>
    void at.world.store.in(eventInvokeConfigs).delete(functionArn(properties.FunctionName, at, properties.Qualifier)),
});
