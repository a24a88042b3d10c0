import type { ResourceModel, Service } from '../../world/service.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import { eventInvokeConfig } from './event-invoke-config.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  putFunctionEventInvokeConfig,
} from './event-invoke-operations.ts';
import { lambdaFunction } from './function.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './get-function.ts';
import { invoke } from './invoke.ts';
import { permission } from './permission.ts';
import { addPermission, getPolicy, removePermission } from './policy.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function.ts';
import { alias, version } from './version.ts';
import { deleteFunction, getAccountSettings, listVersionsByFunction, publishVersion } from './versions.ts';

/** AWS Lambda. The code runs in `lambda-host/`. */
export const lambda: Service = {
  name: 'lambda',
  operations: {
    AddPermission: addPermission,
    CreateAlias: createAlias,
    DeleteAlias: deleteAlias,
    DeleteFunction: deleteFunction,
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
    GetAccountSettings: getAccountSettings,
    GetAlias: getAlias,
    GetFunction: getFunction,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
    GetPolicy: getPolicy,
    Invoke: invoke,
    ListAliases: listAliases,
    ListFunctions: listFunctions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishVersion: publishVersion,
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
  },
};

export const lambdaResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Version': version,
};
