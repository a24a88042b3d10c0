import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { findFunction, functionArn } from './find.ts';
import { lastPublished, publish, unchanged } from './publish.ts';
import { aliases } from './tables.ts';
import { deleteVersion } from './versions.ts';
import { writeAlias } from './write-alias.ts';

/** AWS::Lambda::Version: published once; a change of any property publishes another one. */
export const version = resource({
  properties: z.strictObject({
    FunctionName: z.string(),
    CodeSha256: z.string().optional(),
    Description: z.string().max(256).optional(),
  }),
  access: ({ FunctionName }, at, change) => [
    {
      action: change === 'delete' ? 'lambda:DeleteFunction' : 'lambda:PublishVersion',
      resource: functionArn(FunctionName, at),
    },
  ],
  put: (properties, at, previous) => {
    const same = previous !== undefined && JSON.stringify(previous.properties) === JSON.stringify(properties);
    if (same) return { physicalId: previous.physicalId, attributes: previous.attributes };
    const newest = findFunction(at.world, properties.FunctionName, at);
    const last = lastPublished(at.world, newest);
    if (unchanged(newest, last))
      throw new AwsError(
        'AlreadyExists',
        `A version for this Lambda function exists ( ${newest.lastVersion} ). Modify the function to create a new version.`,
      );
    const made = publish(at.world, newest, properties);
    const arn = `${made.arn}:${made.version}`;
    return { physicalId: arn, attributes: { Version: made.version, FunctionArn: arn } };
  },
  remove: ({ physicalId }, { world }) => deleteVersion(world, physicalId),
});

const weight = z.strictObject({ FunctionVersion: z.string(), FunctionWeight: numeric });

/** AWS::Lambda::Alias. Provisioned concurrency is refused by name. */
export const alias = resource({
  properties: z.strictObject({
    FunctionName: z.string(),
    FunctionVersion: z.string().regex(/^(\$LATEST|[0-9]+)$/),
    Name: z.string().regex(/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/),
    Description: z.string().max(256).default(''),
    RoutingConfig: z.strictObject({ AdditionalVersionWeights: z.array(weight).default([]) }).optional(),
  }),
  access: ({ FunctionName }, at, change) => {
    const action = { create: 'Create', update: 'Update', delete: 'Delete' }[change];
    return [{ action: `lambda:${action}Alias`, resource: functionArn(FunctionName, at) }];
  },
  put: ({ RoutingConfig, ...wanted }, at, previous) => {
    const arn = functionArn(wanted.FunctionName, at, wanted.Name);
    if (at.world.store.in(aliases).has(arn) && previous?.physicalId !== arn)
      throw new AwsError('AlreadyExists', `Alias already exists: ${arn}`);
    const listed = RoutingConfig?.AdditionalVersionWeights ?? [];
    const weights = Object.fromEntries(listed.map((each) => [each.FunctionVersion, each.FunctionWeight]));
    writeAlias(at.world, at, { ...wanted, weights });
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  remove: ({ physicalId }, { world }) => void world.store.in(aliases).delete(physicalId),
});
