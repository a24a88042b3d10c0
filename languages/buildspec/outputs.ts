import { fields, flag, listOf, mapOf, oneOf, type Shape, type Spot, text } from '../yaml/shapes.ts';
import type { Artifact, Artifacts, Cache, Report } from './types.ts';

const reportFormats = [
  ...['CUCUMBERJSON', 'JUNITXML', 'NUNITXML', 'NUNIT3XML', 'TESTNGXML', 'VISUALSTUDIOTRX'],
  ...['CLOVERXML', 'COBERTURAXML', 'JACOCOXML', 'SIMPLECOV'],
] as const;
const mostReportGroups = 5;

const reportFields = fields(
  { files: listOf(text), 'base-directory': text, 'file-format': oneOf(reportFormats), 'discard-paths': flag },
  ['files'],
);
const report: Shape<Report> = (spot) => {
  const { files = [], baseDirectory, fileFormat = 'JUNITXML', discardPaths = false } = reportFields(spot);
  return { files, baseDirectory, fileFormat, discardPaths };
};

/** Report groups by name; at most five. */
export const reports: Shape<Readonly<Record<string, Report>>> = (spot) => {
  const read = mapOf(report)(spot);
  if (Object.keys(read).length > mostReportGroups) throw spot.refusal(`more than ${mostReportGroups} report groups`);
  return read;
};

const artifactShapes = {
  files: listOf(text),
  'exclude-paths': listOf(text),
  'base-directory': text,
  'discard-paths': flag,
  'enable-symlinks': flag,
  name: text,
  's3-prefix': text,
};
const artifactFields = fields(artifactShapes, ['files']);
const artifact: Shape<Artifact> = (spot) => complete(artifactFields(spot));
const identifier = (name: string, spot: Spot): void => {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw spot.refusal(`'${name}' is no identifier of an artifact`);
};
const artifactsFields = fields({ ...artifactShapes, 'secondary-artifacts': mapOf(artifact, identifier) });

/** The primary artifact and the secondary ones; `files` may be missing when there are secondary ones. */
export const artifacts: Shape<Artifacts> = (spot) => {
  const { secondaryArtifacts: secondary = {}, ...primary } = artifactsFields(spot);
  if (primary.files !== undefined) return { primary: complete(primary), secondary };
  if (Object.keys(secondary).length === 0) throw spot.refusal("the key 'files' is missing");
  return { secondary };
};

const cacheFields = fields(
  {
    key: text,
    'fallback-keys': listOf(text),
    action: oneOf(['restore', 'save']),
    paths: listOf(text),
  },
  ['paths'],
);

/** What is kept between builds. */
export const cache: Shape<Cache> = (spot) => {
  const { key, fallbackKeys = [], action, paths = [] } = cacheFields(spot);
  return { key, fallbackKeys, action, paths };
};

function complete(read: ReturnType<typeof artifactFields>): Artifact {
  const { files = [], excludePaths = [], discardPaths = false, enableSymlinks = false, ...rest } = read;
  return { files, excludePaths, discardPaths, enableSymlinks, ...rest };
}
