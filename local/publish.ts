import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ZipFile } from 'yazl';
import type { AssemblyStack } from '../assembly/types.ts';
import { parseTemplate } from '../languages/template/parse.ts';
import { Fault } from '../shared/fault.ts';
import { administrator } from './accounts.ts';
import { bootstrapTemplate, toolkitStack, versionParameter } from './bootstrap-template.ts';
import { deploy } from './services/cloudformation/deploy.ts';
import { findBucket } from './services/s3/find.ts';
import { storeObject } from './services/s3/store-object.ts';
import { buckets } from './services/s3/tables.ts';
import { parameterArn, parameters } from './services/ssm/tables.ts';
import type { Place } from './world/service.ts';
import type { World } from './world/world.ts';

/** Does once what `cdk bootstrap` does to an account and region. Throws Fault StackFailed when it cannot. */
export async function bootstrap(world: World, at: Place): Promise<void> {
  if (world.store.in(parameters).has(parameterArn(versionParameter, at))) return;
  const { account, region } = at;
  const caller = administrator(world, account);
  const template = parseTemplate(bootstrapTemplate);
  const wanted = { account, region, stackName: toolkitStack, template, parameters: {}, tags: {}, caller };
  const { failed, reason } = await deploy(world, wanted);
  if (failed) throw new Fault('StackFailed', `stack ${toolkitStack}: ${reason}`);
}

/** What `cdk deploy` does before it deploys: each asset goes to the account's asset bucket under its hash. */
export async function publishAssets(world: World, stack: AssemblyStack): Promise<void> {
  for (const asset of stack.assets) {
    const bucket = assetBucket(world, asset.bucketName, stack);
    const body = asset.packaging === 'zip' ? await zipDirectory(asset.path) : await readFile(asset.path);
    await storeObject(world, bucket, { key: asset.objectKey, body, contentType: 'application/octet-stream' });
  }
}

function assetBucket(world: World, name: string, { account, region }: Place) {
  if (!world.store.in(buckets).has(name)) {
    world.store.in(buckets).put(name, {
      name,
      arn: `arn:aws:s3:::${name}`,
      account,
      region,
      versioned: true,
      createdAt: world.clock.date().toISOString(),
    });
  }
  return findBucket(world, name);
}

async function zipDirectory(directory: string): Promise<Buffer> {
  const zip = new ZipFile();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    zip.addReadStream(createReadStream(file), relative(directory, file).split(sep).join('/'));
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
