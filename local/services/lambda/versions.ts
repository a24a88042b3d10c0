import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { poolKey } from './execute.ts';
import { findFunction, findTarget, functionAccess, functionArn, unqualified } from './find.ts';
import { forgetFunction } from './forget.ts';
import { publish } from './publish.ts';
import { shownVersion } from './shown.ts';
import { aliases, functions, versions } from './tables.ts';

const path = '/2015-03-31/functions/{FunctionName}/versions';

/** Makes a version of what `$LATEST` is now. */
export const publishVersion = operation({
  http: { method: 'POST', path, status: 201 },
  input: z.object({
    FunctionName: z.string(),
    CodeSha256: z.string().optional(),
    Description: z.string().max(256).optional(),
    RevisionId: z.string().optional(),
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'PublishVersion', FunctionName, call)],
  run: ({ FunctionName, ...expected }, call) =>
    shownVersion(publish(call.world, findFunction(call.world, FunctionName, call), expected)),
});

/** `$LATEST` and the published versions of a function, oldest first. */
export const listVersionsByFunction = operation({
  http: { method: 'GET', path, query: { Marker: 'Marker', MaxItems: 'MaxItems' } },
  input: z.object({
    FunctionName: z.string(),
    Marker: z.string().optional(),
    MaxItems: z.coerce.number().int().min(1).max(10_000).default(50),
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'ListVersionsByFunction', FunctionName, call)],
  run: ({ FunctionName, Marker, MaxItems }, call) => {
    const newest = findFunction(call.world, FunctionName, call);
    const all = [newest, ...call.world.store.in(versions).where(({ arn }) => arn === newest.arn)];
    const page = pageOf(all, Marker, Math.min(MaxItems, 50), 'InvalidParameterValueException');
    return { Versions: page.items.map(shownVersion), ...(page.next === undefined ? {} : { NextMarker: page.next }) };
  },
});

/** Deletes a version that no alias names, or the whole function. Throws ResourceConflictException. */
export const deleteFunction = operation({
  http: {
    method: 'DELETE',
    path: '/2015-03-31/functions/{FunctionName}',
    query: { Qualifier: 'Qualifier' },
    status: 204,
  },
  input: z.object({ FunctionName: z.string(), Qualifier: z.string().optional() }),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'DeleteFunction', FunctionName, call, Qualifier),
  ],
  run: async ({ FunctionName, Qualifier }, call) => {
    const arn = functionArn(FunctionName, call, Qualifier);
    const whole = arn === unqualified(arn);
    if (whole && (Qualifier ?? FunctionName).endsWith('$LATEST'))
      throw new AwsError(
        'InvalidParameterValueException',
        '$LATEST version cannot be deleted without deleting the function.',
      );
    if (whole) await forgetFunction(call.world, findFunction(call.world, FunctionName, call).arn);
    else await deleteVersion(call.world, findTarget(call.world, FunctionName, call, Qualifier).arn);
    return {};
  },
});

/** Deletes one version; nothing happens when it is gone. Throws ResourceConflictException. */
export async function deleteVersion(world: World, qualifiedArn: string): Promise<void> {
  const version = world.store.in(versions).get(qualifiedArn);
  if (version === undefined) return;
  const pointing = world.store
    .in(aliases)
    .where(
      (alias) =>
        alias.functionArn === version.arn &&
        (alias.functionVersion === version.version || version.version in alias.weights),
    );
  if (pointing.length > 0)
    throw new AwsError(
      'ResourceConflictException',
      `Function version ${version.version} is referenced by alias ${pointing.map(({ name }) => name).join(', ')}; it cannot be deleted.`,
      409,
    );
  world.store.in(versions).delete(qualifiedArn);
  await world.live.close(poolKey(version));
}

/** What an account may have and has. */
export const getAccountSettings = operation({
  simplified: 'The limits are those of a new account; only functions and the bytes of their code are counted.',
  http: { method: 'GET', path: '/2016-08-19/account-settings' },
  input: z.object({}),
  access: () => [{ action: 'lambda:GetAccountSettings', resource: '*' }],
  run: (_input, call) => {
    const own = call.world.store.in(functions).where((fn) => fn.account === call.account && fn.region === call.region);
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: 1000,
        UnreservedConcurrentExecutions: 1000 - own.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0),
      },
      AccountUsage: { TotalCodeSize: own.reduce((sum, fn) => sum + fn.codeBytes, 0), FunctionCount: own.length },
    };
  },
});
