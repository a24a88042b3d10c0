import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A failed build whose directory was kept by a local cloud. */
export interface KeptBuild {
  /** `<project>:<UUID>`, as CodeBuild names it. */
  readonly id: string;
  /** Where its sources lie. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The variables whose values came from a store and were not written down. */
  readonly withheld: readonly string[];
}

/** Where the local clouds of this checkout keep the directories of builds that failed. */
export const failedBuildsDirectory = join(import.meta.dirname, '..', '.mergecast', 'failed-builds');

/** The builds that are kept in a directory, by id; what is not whole is left out. */
export function keptBuilds(directory = failedBuildsDirectory): readonly KeptBuild[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .flatMap((name) => readKept(join(directory, name)) ?? []);
}

function readKept(directory: string): KeptBuild | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(directory, 'build.json'), 'utf8')) as Omit<KeptBuild, 'directory'>;
    return { ...kept, directory: join(directory, 'src') };
  } catch {
    return undefined;
  }
}
