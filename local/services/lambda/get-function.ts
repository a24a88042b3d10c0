import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { findTarget, functionAccess } from './find.ts';
import { shown, shownVersion } from './shown.ts';
import { functions, versions } from './tables.ts';

const named = z.object({ FunctionName: z.string(), Qualifier: z.string().optional() });

/** A version's configuration, with where its code lies. */
export const getFunction = operation({
  simplified: 'The code has no address to download it from.',
  http: { method: 'GET', path: '/2015-03-31/functions/{FunctionName}', query: { Qualifier: 'Qualifier' } },
  input: named,
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'GetFunction', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier }, call) => {
    const { fn, arn } = findTarget(call.world, FunctionName, call, Qualifier);
    const { tags, reservedConcurrency } = fn;
    return {
      Configuration: shown(fn, arn),
      Code: { RepositoryType: 'S3' },
      ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  },
});

/** A version's configuration. */
export const getFunctionConfiguration = operation({
  http: {
    method: 'GET',
    path: '/2015-03-31/functions/{FunctionName}/configuration',
    query: { Qualifier: 'Qualifier' },
  },
  input: named,
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'GetFunctionConfiguration', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier }, call) => {
    const { fn, arn } = findTarget(call.world, FunctionName, call, Qualifier);
    return shown(fn, arn);
  },
});

/** The functions of the caller's account and region, 50 a page; with `FunctionVersion=ALL` their versions too. */
export const listFunctions = operation({
  http: {
    method: 'GET',
    path: '/2015-03-31/functions',
    query: { Marker: 'Marker', MaxItems: 'MaxItems', FunctionVersion: 'FunctionVersion' },
  },
  input: z.object({
    Marker: z.string().optional(),
    MaxItems: z.coerce.number().int().min(1).max(10_000).default(50),
    FunctionVersion: z.literal('ALL').optional(),
  }),
  access: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
  run: ({ Marker, MaxItems, FunctionVersion }, { world, account, region }) => {
    const newest = world.store.in(functions).where((fn) => fn.account === account && fn.region === region);
    const all =
      FunctionVersion === undefined
        ? newest.map((fn) => shown(fn))
        : newest.flatMap((fn) =>
            [fn, ...world.store.in(versions).where(({ arn }) => arn === fn.arn)].map(shownVersion),
          );
    const page = pageOf(all, Marker, Math.min(MaxItems, 50), 'InvalidParameterValueException');
    return { Functions: page.items, ...(page.next === undefined ? {} : { NextMarker: page.next }) };
  },
});
