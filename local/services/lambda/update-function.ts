import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { roles } from '../iam/tables.ts';
import { unpack, unpackCode } from './code.ts';
import { poolKey } from './execute.ts';
import { findFunction, functionAccess } from './find.ts';
import { runtimes } from './function.ts';
import { publish, refuseStale } from './publish.ts';
import { shown, shownVersion } from './shown.ts';
import { functions, type LambdaFunction } from './tables.ts';

/** Puts the change in place; the next invocation gets new workers. */
async function change({ world }: Call, known: LambdaFunction, part: Partial<LambdaFunction>): Promise<LambdaFunction> {
  const changed: LambdaFunction = {
    ...known,
    ...part,
    revisionId: world.chance.uuid(),
    modifiedAt: world.clock.date().toISOString(),
  };
  world.store.in(functions).put(known.arn, changed);
  await world.live.close(poolKey(known));
  return changed;
}

/** Replaces the code of `$LATEST`, from S3 with the caller's own permissions or from the call. */
export const updateFunctionCode = operation({
  simplified: 'Zip archives only; the architecture has no effect.',
  http: { method: 'PUT', path: '/2015-03-31/functions/{FunctionName}/code' },
  input: z.object({
    FunctionName: z.string(),
    ZipFile: z.string().optional(),
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    S3ObjectVersion: z.string().optional(),
    ImageUri: z.undefined({ error: 'images are not played by the local cloud' }).optional(),
    Publish: z.boolean().default(false),
    DryRun: z.boolean().default(false),
    RevisionId: z.string().optional(),
  }),
  access: ({ FunctionName }, call) => [functionAccess(call.world, 'UpdateFunctionCode', FunctionName, call)],
  run: async ({ FunctionName, ZipFile, Publish, DryRun, RevisionId, ...place }, call) => {
    const known = findFunction(call.world, FunctionName, call);
    refuseStale(RevisionId, known);
    if (ZipFile === undefined && place.S3Key === undefined)
      throw new AwsError('InvalidParameterValueException', 'Please provide a source for function code.');
    const { directory, sha256, bytes } =
      ZipFile === undefined
        ? await unpackCode(place, call)
        : await unpack(call.world, Buffer.from(ZipFile, 'base64'), true);
    const code = { directory, codeSha256: sha256, codeBytes: bytes };
    if (DryRun) return shown({ ...known, ...code });
    const changed = await change(call, known, code);
    return Publish ? shownVersion(publish(call.world, changed)) : shown(changed);
  },
});

/** Changes the configuration of `$LATEST`: what is given, and nothing else. */
export const updateFunctionConfiguration = operation({
  simplified: 'Tracing, layers, network, KMS key, file systems and ephemeral storage are not played and dropped.',
  http: { method: 'PUT', path: '/2015-03-31/functions/{FunctionName}/configuration' },
  input: z.object({
    FunctionName: z.string(),
    Role: z.string().optional(),
    Handler: z
      .string()
      .regex(/^[^\s]+\.[^\s.]+$/)
      .optional(),
    Runtime: z.string().regex(runtimes, 'is not a runtime that the local cloud runs: use nodejs24.x').optional(),
    Description: z.string().max(256).optional(),
    Timeout: z.number().int().min(1).max(900).optional(),
    MemorySize: z.number().int().min(128).max(10_240).optional(),
    Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
    RevisionId: z.string().optional(),
  }),
  access: ({ FunctionName, Role }, call) => [
    functionAccess(call.world, 'UpdateFunctionConfiguration', FunctionName, call),
    ...(Role === undefined ? [] : [passRole(Role, 'lambda.amazonaws.com')]),
  ],
  run: async ({ FunctionName, ...wanted }, call) => {
    const known = findFunction(call.world, FunctionName, call);
    refuseStale(wanted.RevisionId, known);
    if (wanted.Role !== undefined && !call.world.store.in(roles).has(wanted.Role))
      throw new AwsError(
        'InvalidParameterValueException',
        `The role ${wanted.Role} cannot be assumed by Lambda: it does not exist.`,
      );
    const part = {
      roleArn: wanted.Role,
      handler: wanted.Handler,
      runtime: wanted.Runtime,
      description: wanted.Description,
      timeoutSeconds: wanted.Timeout,
      memoryMegabytes: wanted.MemorySize,
      environment: wanted.Environment?.Variables,
    };
    const given = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
    return shown(await change(call, known, given));
  },
});
