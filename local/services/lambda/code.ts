import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { Call, ResourceCall } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { unzip } from '../../world/zip.ts';
import { offerRuntimeSdk } from './runtime-sdk.ts';

/** The `Code` property: a zip in S3, or the text of one file. */
export const codeProperties = z.strictObject({
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  S3ObjectVersion: z.string().optional(),
  ZipFile: z.string().optional(),
});

/** Code that was fetched and unpacked. */
export interface UnpackedCode {
  readonly directory: string;
  readonly sha256: string;
  readonly bytes: number;
}

type Deployer = Pick<ResourceCall & Call, 'world' | 'caller' | 'account' | 'region' | 'cause'>;

/** Fetches a function's code with the deploying principal's own permissions and unpacks it, once for each content. */
export async function unpackCode(code: z.output<typeof codeProperties>, at: Deployer): Promise<UnpackedCode> {
  const content = code.ZipFile === undefined ? await fetchZip(code, at) : Buffer.from(code.ZipFile);
  return unpack(at.world, content, code.ZipFile === undefined);
}

/** Unpacks a zip, or lays down the text of one file. */
export async function unpack(world: World, content: Buffer, zipped: boolean): Promise<UnpackedCode> {
  const digest = createHash('sha256').update(content).digest();
  const folder = join(world.directory, 'lambda');
  const directory = join(folder, digest.toString('hex').slice(0, 40));
  if (!existsSync(directory)) {
    await offerRuntimeSdk(folder);
    const staging = `${directory}.${world.chance.hex(8)}`;
    await mkdir(staging, { recursive: true });
    // Without a package.json of its own, a `.js` file would take its kind from a folder above.
    await writeFile(join(staging, 'package.json'), '{}');
    if (zipped) await unzip(content, staging);
    else await writeFile(join(staging, 'index.js'), content);
    await rename(staging, directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
  return { directory, sha256: digest.toString('base64'), bytes: content.length };
}

async function fetchZip(
  { S3Bucket, S3Key, S3ObjectVersion }: z.output<typeof codeProperties>,
  at: Deployer,
): Promise<Buffer> {
  if (S3Bucket === undefined || S3Key === undefined)
    throw new AwsError('InvalidParameterValueException', 'Code needs S3Bucket and S3Key, or ZipFile');
  const { Body } = await call<{ Body: Buffer }>(at.world, {
    caller: at.caller,
    account: at.account,
    region: at.region,
    cause: at.cause,
    service: 's3',
    operation: 'GetObject',
    input: { Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion },
  });
  return Body;
}
