import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { findFunction, functionAccess } from './find.ts';
import { functions, type LambdaFunction } from './tables.ts';

const shown = (fn: LambdaFunction) => ({
  FunctionName: fn.name,
  FunctionArn: fn.arn,
  Runtime: fn.runtime,
  Role: fn.roleArn,
  Handler: fn.handler,
  CodeSize: fn.codeBytes,
  Description: fn.description,
  Timeout: fn.timeoutSeconds,
  MemorySize: fn.memoryMegabytes,
  LastModified: fn.modifiedAt.replace('Z', '+0000'),
  CodeSha256: fn.codeSha256,
  Version: '$LATEST',
  Environment: { Variables: fn.environment },
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
  LoggingConfig: { LogFormat: 'Text', LogGroup: fn.logGroup },
});

/** A function's configuration, with where its code lies. */
export const getFunction = operation({
  http: { method: 'GET', path: '/2015-03-31/functions/{FunctionName}' },
  input: z.object({ FunctionName: z.string() }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'GetFunction', FunctionName, call)],
  run: ({ FunctionName }, call) => ({
    Configuration: shown(findFunction(call.world, FunctionName, call)),
    Code: { RepositoryType: 'S3' },
  }),
});

/** A function's configuration. */
export const getFunctionConfiguration = operation({
  http: { method: 'GET', path: '/2015-03-31/functions/{FunctionName}/configuration' },
  input: z.object({ FunctionName: z.string() }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'GetFunctionConfiguration', FunctionName, call)],
  run: ({ FunctionName }, call) => shown(findFunction(call.world, FunctionName, call)),
});

/** The functions of the caller's account and region. */
export const listFunctions = operation({
  http: { method: 'GET', path: '/2015-03-31/functions' },
  input: z.object({}),
  access: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    Functions: world.store
      .in(functions)
      .where((fn) => fn.account === account && fn.region === region)
      .map(shown),
  }),
});
