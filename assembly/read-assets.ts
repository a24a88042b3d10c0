import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../shared/fault.ts';
import { inside, readShaped } from './shaped-file.ts';
import type { Asset } from './types.ts';

/** Source: schema/assets.schema.json of @aws-cdk/cloud-assembly-schema. */
const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({
          path: z.string().optional(),
          packaging: z.enum(['zip', 'file']).default('file'),
          executable: z.array(z.string()).optional(),
        }),
        destinations: z.record(
          z.string(),
          z.looseObject({ bucketName: z.string(), objectKey: z.string(), region: z.string().optional() }),
        ),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

/** The files that one asset manifest publishes to an account and region; the stack's own template is left out. */
export function readAssets(
  directory: string,
  file: string,
  at: { readonly account: string; readonly region: string; readonly templateFile: string },
): readonly Asset[] {
  const manifest = join(directory, file);
  const { files, dockerImages } = readShaped(inside(directory, file, 'manifest.json'), assetsSchema);
  const [image] = Object.keys(dockerImages);
  if (image !== undefined)
    throw new Fault(
      'AssemblyInvalid',
      `${manifest}: ${image} is a Docker image asset`,
      'only file assets are supported',
    );
  return Object.entries(files)
    .filter(([, { source }]) => source.path !== at.templateFile)
    .flatMap(([hash, { source, destinations }]) => {
      const path = sourcePath(directory, manifest, hash, source.path);
      return Object.values(destinations).map(({ bucketName, objectKey, region }) => ({
        hash,
        path,
        packaging: source.packaging,
        bucketName: filled(bucketName, at),
        objectKey: filled(objectKey, at),
        region: region === undefined ? at.region : filled(region, at),
      }));
    });
}

function sourcePath(directory: string, manifest: string, hash: string, path: string | undefined): string {
  if (path === undefined)
    throw new Fault(
      'AssemblyInvalid',
      `${manifest}: asset ${hash} is made by a command`,
      'only assets that are files or directories are supported',
    );
  const absolute = inside(directory, path, manifest);
  if (!existsSync(absolute)) throw new Fault('AssemblyInvalid', `${manifest}: the asset ${absolute} does not exist`);
  return absolute;
}

/** Asset manifests leave account, region and partition open until the place is known. */
function filled(text: string, { account, region }: { account: string; region: string }): string {
  return text
    .replaceAll('${AWS::AccountId}', account)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', 'aws');
}
