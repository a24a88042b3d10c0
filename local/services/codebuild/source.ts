import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { parseBuildspec } from '../../../languages/buildspec/parse.ts';
import type { Buildspec } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import { unzip } from '../../world/zip.ts';
import type { RoleCall } from './role-call.ts';
import type { Build } from './tables.ts';

/** The directory of a source beside the primary one, within the build's. */
export const secondaryDirectory = (directory: string, identifier: string): string =>
  join(directory, 'secondary', identifier);

/** Fetches the build's sources with the role and unpacks them; a build without source has an empty directory. */
export async function download(
  { source, secondarySources }: Build,
  callAs: RoleCall,
  directory: string,
): Promise<void> {
  const fetch = async ({ bucket, key }: { bucket: string; key: string }, into: string) => {
    const { Body } = await callAs<{ Body: Buffer }>('s3', 'GetObject', { Bucket: bucket, Key: key });
    await mkdir(into, { recursive: true });
    await unzip(Body, into);
  };
  if (source !== undefined) await fetch(source, join(directory, 'src'));
  for (const each of secondarySources) await fetch(each, secondaryDirectory(directory, each.identifier));
}

/** The buildspec's text stands in the project, or in the source at a path that the project names. */
export async function readBuildspec({ project }: Build, directory: string): Promise<Buildspec> {
  if (/[\n{]/.test(project.buildspec)) return parseBuildspec(project.buildspec, 'the buildspec of the project');
  const file = resolve(directory, project.buildspec);
  if (!file.startsWith(directory + sep) || !(await isFile(file)))
    throw new AwsError(
      'YAML_FILE_ERROR',
      `the source holds no file ${project.buildspec}: add it, or name another in the build step`,
    );
  return parseBuildspec(await readFile(file, 'utf8'), project.buildspec);
}

/** Parts of a buildspec that have no effect here, to be told rather than passed over. */
export function unplayedParts(buildspec: Buildspec): readonly string[] {
  const runAs = buildspec.runAs ?? buildspec.phases.find((phase) => phase.runAs !== undefined)?.runAs;
  return [
    runAs === undefined ? [] : [`run-as ${runAs}: commands run as you`],
    buildspec.phases.flatMap(({ runtimeVersions }) =>
      Object.entries(runtimeVersions).map(([name, version]) => `runtime-versions ${name} ${version}: yours is used`),
    ),
  ].flat();
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
