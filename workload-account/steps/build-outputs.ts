import { Cache, LocalCacheMode } from 'aws-cdk-lib/aws-codebuild';
import { Fault } from '../../shared/fault.ts';

const testFormats = ['JUNITXML', 'NUNITXML', 'NUNIT3XML', 'CUCUMBERJSON', 'TESTNGXML', 'VISUALSTUDIOTRX'] as const;
const coverageFormats = ['COBERTURAXML', 'CLOVERXML', 'JACOCOXML', 'SIMPLECOV'] as const;

/** Files of a report: globs from the repository's root, in one format. */
export interface ReportFiles<Format extends string> {
  readonly files: string | readonly string[];
  readonly format: Format;
}

/** What a build leaves for people and for later builds, beside its artifact. */
export interface BuildOutputs {
  /**
   * Test reports that `commands` leave, which CodeBuild shows: a glob of JUnit XML, or files in another format. `true` when a buildspec names them
   * itself: the role may then make the project's own report groups.
   */
  readonly reports?: string | ReportFiles<(typeof testFormats)[number]> | true;
  /** Coverage reports that `commands` leave: a glob of Cobertura XML, or files in another format. `true` as for `reports`. */
  readonly coverage?: string | ReportFiles<(typeof coverageFormats)[number]> | true;
  /**
   * Paths that CodeBuild keeps on its build host for the next build when it can, such as `node_modules/**\/*`. `true` when a buildspec has its own
   * `cache`.
   */
  readonly cache?: readonly string[] | true;
}

/** Sections of the buildspec that `commands` become. Throws OwnerFileInvalid, with `where`, for outputs that would have no effect. */
export function outputSections(
  { reports, coverage, cache }: BuildOutputs,
  commands: readonly string[] | undefined,
  where: string,
): object {
  for (const [name, value] of Object.entries({ reports, coverage, cache })) {
    if (commands === undefined && value !== undefined && value !== true)
      throw invalid(where, `${name} are of commands: name them in the buildspec, and write ${name}: true`);
    if (commands !== undefined && value === true)
      throw invalid(where, `${name}: true is for a buildspec: name the files beside the commands`);
  }
  if (Array.isArray(cache) && cache.length === 0) throw invalid(where, 'cache is empty: name a path, or leave it out');
  const groups = {
    ...section('tests', reports, testFormats, where),
    ...section('coverage', coverage, coverageFormats, where),
  };
  return {
    ...(Object.keys(groups).length === 0 ? {} : { reports: groups }),
    ...(cache === undefined || cache === true ? {} : { cache: { paths: cache } }),
  };
}

/** Whether the role needs the project's report groups. */
export const makesReports = ({ reports, coverage }: BuildOutputs): boolean =>
  reports !== undefined || coverage !== undefined;

/** The project's cache: on the build host, since it takes no bucket and no permission. */
export const cacheOf = ({ cache }: BuildOutputs): Cache =>
  cache === undefined ? Cache.none() : Cache.local(LocalCacheMode.CUSTOM);

function section(
  name: string,
  wanted: string | ReportFiles<string> | true | undefined,
  formats: readonly [string, ...string[]],
  where: string,
): object {
  if (wanted === undefined || wanted === true) return {};
  const { files, format } = typeof wanted === 'string' ? { files: wanted, format: formats[0] } : wanted;
  if (!formats.includes(format))
    throw invalid(where, `format '${format}' of ${name} is unknown: it is one of ${formats.join(', ')}`);
  const globs = [files].flat();
  if (globs.length === 0 || globs.includes('')) throw invalid(where, `${name} name no files: write a glob`);
  return { [name]: { files: globs, 'file-format': format } };
}

const invalid = (where: string, mistake: string): Fault => new Fault('OwnerFileInvalid', `${where}: ${mistake}`);
