import type { ResourceModel, Service } from '../../world/service.ts';
import { eventInvokeConfig } from './event-invoke-config.ts';
import { lambdaFunction } from './function.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './get-function.ts';
import { invoke } from './invoke.ts';
import { permission } from './permission.ts';

/** AWS Lambda. The code runs in `lambda-host/`. */
export const lambda: Service = {
  name: 'lambda',
  operations: {
    GetFunction: getFunction,
    GetFunctionConfiguration: getFunctionConfiguration,
    Invoke: invoke,
    ListFunctions: listFunctions,
  },
};

export const lambdaResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
};
