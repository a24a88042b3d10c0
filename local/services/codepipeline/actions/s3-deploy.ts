import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { unzip } from '../../../world/zip.ts';
import { acting } from '../acting.ts';
import { type ActionContext, ActionFailure, type Provider } from './action.ts';

/** Deploy/S3: lays the input artifact into a bucket, unpacked or as it is. */
export const s3Deploy: Provider = {
  simplified: 'CannedACL and CacheControl are refused.',
  required: ['BucketName', 'Extract'],
  optional: ['ObjectKey', 'KMSEncryptionKeyARN'],
  unplayed: ['CannedACL', 'CacheControl'],
  run: async (context) => {
    const { action, configuration, getArtifact } = context;
    const { Extract: extract, ObjectKey: key } = configuration;
    const content = await getArtifact(action.inputs[0] ?? '');
    if (extract !== 'true' && extract !== 'false')
      throw new ActionFailure('ConfigurationError', `Extract is '${extract}': write true or false`);
    if (extract === 'true') return { summary: `${await putEach(context, content)} files` };
    if (key === undefined) throw new ActionFailure('ConfigurationError', 'ObjectKey is needed when Extract is false');
    await put(context, key, content);
    return { summary: key };
  },
};

async function putEach(context: ActionContext, content: Buffer): Promise<number> {
  const prefix = context.configuration['ObjectKey'];
  const directory = await mkdtemp(join(context.world.directory, 's3-deploy-'));
  try {
    await unzip(content, directory);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files) {
      const path = relative(directory, file).split(sep).join('/');
      await put(context, prefix === undefined ? path : `${prefix.replace(/\/$/, '')}/${path}`, await readFile(file));
    }
    return files.length;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function put(context: ActionContext, Key: string, Body: Buffer): Promise<void> {
  const { configuration } = context;
  const keyArn = configuration['KMSEncryptionKeyARN'];
  const encryption = keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
  const ask = acting(context, 's3');
  await ask('PutObject', { Bucket: configuration['BucketName'], Key, Body, ...encryption });
}
