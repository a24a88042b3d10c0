import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, numeric, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { roles } from '../iam/tables.ts';
import { codeProperties, unpackCode } from './code.ts';
import { poolKey } from './execute.ts';
import { forgetFunction } from './forget.ts';
import { functions } from './tables.ts';

/** The runtimes that the local cloud runs, all on this machine's Node.js. */
export const runtimes = /^nodejs(18|20|22|24)\.x$/;

/**
 * AWS::Lambda::Function with a Node.js runtime, run on the host's own Node. Memory size bounds the worker's heap; architecture,
 * tracing and layers of AWS are not played (layers are refused by name).
 */
export const lambdaFunction = resource({
  simplified:
    "Node.js only, on this machine's own Node; architecture, tracing, ephemeral storage and KMS key have no effect; of the runtime's AWS SDK, functions find the clients that mergecast itself has.",
  properties: z.strictObject({
    FunctionName: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    Code: codeProperties,
    Handler: z.string().regex(/^[^\s]+\.[^\s.]+$/),
    Runtime: z.string().regex(runtimes, 'is not a runtime that the local cloud runs: use nodejs24.x'),
    Role: z.string(),
    Description: z.string().optional(),
    Timeout: numeric.optional(),
    MemorySize: numeric.optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
    Architectures: z.array(z.enum(['arm64', 'x86_64'])).optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    ReservedConcurrentExecutions: numeric.optional(),
    LoggingConfig: z
      .strictObject({
        LogGroup: z.string().optional(),
        LogFormat: z.string().optional(),
        ApplicationLogLevel: z.string().optional(),
        SystemLogLevel: z.string().optional(),
      })
      .optional(),
    TracingConfig: z.strictObject({ Mode: z.enum(['Active', 'PassThrough']) }).optional(),
    RecursiveLoop: z.string().optional(),
    KmsKeyArn: z.string().optional(),
    EphemeralStorage: z.strictObject({ Size: numeric }).optional(),
    PackageType: z.literal('Zip').optional(),
    SnapStart: z.strictObject({ ApplyOn: z.literal('None') }).optional(),
    PublishToLatestPublished: flag.optional(),
    Tags: tags.optional(),
  }),
  access: ({ FunctionName, Role }, { account, region, stackName }, change) => {
    const arn = `arn:aws:lambda:${region}:${account}:function:${FunctionName ?? `${stackName}-*`}`;
    const action = {
      create: 'lambda:CreateFunction',
      update: 'lambda:UpdateFunctionCode',
      delete: 'lambda:DeleteFunction',
    }[change];
    return change === 'delete'
      ? [{ action, resource: arn }]
      : [{ action, resource: arn }, passRole(Role, 'lambda.amazonaws.com')];
  },
  put: async (properties, at, previous) => {
    const { world, account, region } = at;
    const name =
      properties.FunctionName ??
      previous?.physicalId ??
      `${at.stackName.slice(0, 24)}-${at.logicalId.slice(0, 24)}-${world.chance.hex(12)}`;
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    const known = world.store.in(functions).get(arn);
    if (known !== undefined && previous?.physicalId !== name)
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
    if (!world.store.in(roles).has(properties.Role))
      throw new AwsError(
        'InvalidParameterValueException',
        `The role ${properties.Role} cannot be assumed by Lambda: it does not exist.`,
      );
    const code = await unpackCode(properties.Code, at);
    const tagged = (properties.Tags ?? []).map(({ Key, Value }) => [Key, Value] as const);
    if (known !== undefined) await world.live.close(poolKey(known));
    const deadLetterArn = properties.DeadLetterConfig?.TargetArn;
    world.store.in(functions).put(arn, {
      name,
      arn,
      version: '$LATEST',
      lastVersion: known?.lastVersion ?? 0,
      revisionId: world.chance.uuid(),
      tags: { ...at.tags, ...Object.fromEntries(tagged) },
      account,
      region,
      roleArn: properties.Role,
      handler: properties.Handler,
      runtime: properties.Runtime,
      description: properties.Description ?? '',
      environment: properties.Environment?.Variables ?? {},
      timeoutSeconds: properties.Timeout ?? 3,
      memoryMegabytes: properties.MemorySize ?? 128,
      logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      directory: code.directory,
      codeSha256: code.sha256,
      codeBytes: code.bytes,
      modifiedAt: world.clock.date().toISOString(),
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
      ...(properties.ReservedConcurrentExecutions === undefined
        ? {}
        : { reservedConcurrency: properties.ReservedConcurrentExecutions }),
    });
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => forgetFunction(world, String(attributes['Arn'])),
});
