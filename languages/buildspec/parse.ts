import { readYaml } from '../yaml/document.ts';
import { fields, flag, listOf, mapOf, oneOf, readShape, type Shape, type Spot, text } from '../yaml/shapes.ts';
import { batch } from './batch.ts';
import { artifacts, cache, reports } from './outputs.ts';
import { phases } from './phases.ts';
import type { BuildEnvironment, Buildspec } from './types.ts';

/** The longest buildspec that is read; AWS documents no limit. */
const longestBuildspec = 262_144;

const shells = ['bash', '/bin/sh', 'powershell.exe', 'cmd.exe', 'sh', '/bin/bash'] as const;

/** Only 0.2 is played: 0.1 runs each command in a shell of its own. */
const version: Shape<'0.2'> = (spot) => {
  const given = text(spot);
  if (given === '0.2') return given;
  throw spot.refusal(
    given === '0.1' ? 'version 0.1 is refused' : `'${given}' is no version of buildspecs`,
    'write `version: 0.2`, in which all commands share one shell',
  );
};

/** A name that a shell can hold. CodeBuild sets the names with CODEBUILD_ itself. */
const variableName = (name: string, spot: Spot): void => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw spot.refusal(`'${name}' is no name of an environment variable`);
  if (name.startsWith('CODEBUILD_')) throw spot.refusal('names that begin with CODEBUILD_ are reserved for CodeBuild');
};
const exportedName: Shape<string> = (spot) => {
  const name = text(spot);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw spot.refusal(`'${name}' is no name of an environment variable`);
  if (name.startsWith('AWS_')) throw spot.refusal('names that begin with AWS_ cannot be exported');
  return name;
};

const envFields = fields({
  shell: oneOf(shells),
  variables: mapOf(text, variableName),
  'parameter-store': mapOf(text, variableName),
  'secrets-manager': mapOf(text, variableName),
  'exported-variables': listOf(exportedName),
  'git-credential-helper': flag,
});

const env: Shape<BuildEnvironment> = (spot) => {
  const read = envFields(spot);
  const { variables = {}, parameterStore = {}, secretsManager = {} } = read;
  const names = [variables, parameterStore, secretsManager].flatMap((map) => Object.keys(map));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw spot.refusal(`the variable ${twice} is in two of the maps`);
  return {
    shell: read.shell,
    variables,
    parameterStore,
    secretsManager,
    exportedVariables: read.exportedVariables ?? [],
    gitCredentialHelper: read.gitCredentialHelper ?? false,
  };
};

const buildspec = fields(
  {
    version,
    'run-as': text,
    env,
    proxy: fields({ 'upload-artifacts': flag, logs: flag }),
    batch,
    phases,
    reports,
    artifacts,
    cache,
  },
  ['version', 'phases'],
);

/**
 * Reads a buildspec. Refuses with `BuildspecInvalid`, file, line and column: malformed YAML, other versions than 0.2, unknown
 * keys (with the nearest known one), values of another kind. A CodeBuild action fails so in phase DOWNLOAD_SOURCE.
 */
export function parseBuildspec(content: string, file = 'buildspec.yml'): Buildspec {
  const document = readYaml(content, { code: 'BuildspecInvalid', file, longestCharacters: longestBuildspec });
  const read = readShape(document, buildspec);
  return {
    version: '0.2',
    runAs: read.runAs,
    env: read.env ?? emptyEnvironment,
    proxy: { uploadArtifacts: read.proxy?.uploadArtifacts ?? false, logs: read.proxy?.logs ?? false },
    batch: read.batch,
    phases: read.phases ?? [],
    reports: read.reports ?? {},
    artifacts: read.artifacts,
    cache: read.cache,
  };
}

const emptyEnvironment: BuildEnvironment = {
  variables: {},
  parameterStore: {},
  secretsManager: {},
  exportedVariables: [],
  gitCredentialHelper: false,
};
