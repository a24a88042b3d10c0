import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { findFunction, functionAccess, functionArn } from './find.ts';
import { refuseStale } from './publish.ts';
import { type Alias, aliases } from './tables.ts';
import { findAlias, writeAlias } from './write-alias.ts';

const path = '/2015-03-31/functions/{FunctionName}/aliases';
const onePath = `${path}/{Name}`;
const named = { FunctionName: z.string(), Name: z.string() };
const routing = z.object({ AdditionalVersionWeights: z.record(z.string(), z.number()).default({}) }).nullish();

const shown = ({ arn, name, functionVersion, description, weights, revisionId }: Alias) => ({
  AliasArn: arn,
  Name: name,
  FunctionVersion: functionVersion,
  Description: description,
  ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
  RevisionId: revisionId,
});

/** Names a version. Throws ResourceConflictException when the name is taken. */
export const createAlias = operation({
  http: { method: 'POST', path, status: 201 },
  input: z.object({
    FunctionName: z.string(),
    Name: z.string().regex(/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/),
    FunctionVersion: z.string().regex(/^(\$LATEST|[0-9]+)$/),
    Description: z.string().max(256).default(''),
    RoutingConfig: routing,
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'CreateAlias', FunctionName, call)],
  run: ({ RoutingConfig, ...wanted }, call) => {
    const arn = functionArn(wanted.FunctionName, call, wanted.Name);
    if (call.world.store.in(aliases).has(arn))
      throw new AwsError('ResourceConflictException', `Alias already exists: ${arn}`, 409);
    return shown(writeAlias(call.world, call, { ...wanted, weights: RoutingConfig?.AdditionalVersionWeights ?? {} }));
  },
});

/** Changes what is given; an empty `RoutingConfig` ends the sharing of traffic. */
export const updateAlias = operation({
  http: { method: 'PUT', path: onePath },
  input: z.object({
    ...named,
    FunctionVersion: z
      .string()
      .regex(/^(\$LATEST|[0-9]+)$/)
      .optional(),
    Description: z.string().max(256).optional(),
    RoutingConfig: routing,
    RevisionId: z.string().optional(),
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'UpdateAlias', FunctionName, call)],
  run: (wanted, call) => {
    const known = findAlias(call.world, functionArn(wanted.FunctionName, call, wanted.Name));
    refuseStale(wanted.RevisionId, known);
    return shown(
      writeAlias(call.world, call, {
        FunctionName: wanted.FunctionName,
        Name: known.name,
        FunctionVersion: wanted.FunctionVersion ?? known.functionVersion,
        Description: wanted.Description ?? known.description,
        weights: wanted.RoutingConfig?.AdditionalVersionWeights ?? known.weights,
      }),
    );
  },
});

/** One alias. */
export const getAlias = operation({
  http: { method: 'GET', path: onePath },
  input: z.object(named),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'GetAlias', FunctionName, call)],
  run: ({ FunctionName, Name }, call) => shown(findAlias(call.world, functionArn(FunctionName, call, Name))),
});

/** Deletes an alias; one that is gone is no error. */
export const deleteAlias = operation({
  http: { method: 'DELETE', path: onePath, status: 204 },
  input: z.object(named),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'DeleteAlias', FunctionName, call)],
  run: ({ FunctionName, Name }, call) => {
    call.world.store.in(aliases).delete(functionArn(FunctionName, call, Name));
    return {};
  },
});

/** The aliases of a function, or of one of its versions. */
export const listAliases = operation({
  http: {
    method: 'GET',
    path,
    query: { FunctionVersion: 'FunctionVersion', Marker: 'Marker', MaxItems: 'MaxItems' },
  },
  input: z.object({
    FunctionName: z.string(),
    FunctionVersion: z.string().optional(),
    Marker: z.string().optional(),
    MaxItems: z.coerce.number().int().min(1).max(10_000).default(50),
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'ListAliases', FunctionName, call)],
  run: ({ FunctionName, FunctionVersion, Marker, MaxItems }, call) => {
    const { arn } = findFunction(call.world, FunctionName, call);
    const all = call.world.store
      .in(aliases)
      .where(
        (alias) =>
          alias.functionArn === arn &&
          (FunctionVersion === undefined ||
            alias.functionVersion === FunctionVersion ||
            FunctionVersion in alias.weights),
      );
    const page = pageOf(all, Marker, Math.min(MaxItems, 50), 'InvalidParameterValueException');
    return { Aliases: page.items.map(shown), ...(page.next === undefined ? {} : { NextMarker: page.next }) };
  },
});
