import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../assembly/read-assembly.ts';
import { Fault } from '../shared/fault.ts';
import { stackTags } from '../shared/names.ts';

/** Where the verbs that ask AWS look: a profile of the AWS configuration. */
export interface ConnectionOptions {
  /** The AWS profile. @default - named after the account: devops, or the environment */
  readonly profile?: string;
  /** True for AWS itself, also while profiles of a local cloud are there. */
  readonly aws?: boolean;
}

/** What an SDK client is made with. */
export interface ClientSettings {
  readonly profile: string;
  readonly endpoint?: string;
}

const checkout = join(import.meta.dirname, '..');
const localProfiles = join(checkout, '.mergecast', 'aws');

/**
 * Makes the AWS SDK read the profiles of the local cloud that `npm start` wrote, when there are any, the caller has not set AWS_CONFIG_FILE, and
 * `aws` is not asked for. Answers the settings for the profile. Throws ProfileUnknown.
 */
export function connect(account: string, { profile = account, aws = false }: ConnectionOptions): ClientSettings {
  useProfiles(aws);
  const known = profiles();
  if (known.size === 0)
    throw new Fault(
      'ProfileUnknown',
      `profile '${profile}' is asked for, and there is none at all`,
      'start the local cloud with npm start, or add the profile to your AWS configuration',
    );
  if (!known.has(profile)) {
    const names = [...known.keys()].join(', ');
    throw new Fault(
      'ProfileUnknown',
      `profile '${profile}' is none of ${names}`,
      'name one with --profile, or add it to your AWS configuration',
    );
  }
  const endpoint = known.get(profile);
  return endpoint === undefined ? { profile } : { profile, endpoint };
}

/**
 * The environments that have a profile: those of the synthesized templates, where there are some, and else all profiles but that of
 * DevOps. Throws ProfileUnknown when there is none.
 */
export function knownEnvironments({ aws = false }: ConnectionOptions): readonly string[] {
  useProfiles(aws);
  const found = environmentsIn(profiles());
  if (found.length > 0) return found;
  throw new Fault(
    'ProfileUnknown',
    'no AWS profile is named after an environment',
    'start the local cloud with npm start, or add the profiles to your AWS configuration',
  );
}

function environmentsIn(known: ReadonlyMap<string, string | undefined>): readonly string[] {
  const named = [...known.keys()].filter((name) => name !== 'devops' && name !== 'default');
  const environments = synthesizedEnvironments();
  return environments === undefined ? named : named.filter((name) => environments.has(name));
}

/** The environments of the templates in cdk.out; undefined where there are none that can be read. */
function synthesizedEnvironments(): ReadonlySet<string | undefined> | undefined {
  try {
    const { stacks } = readAssembly(join(checkout, 'cdk.out'));
    return new Set(stacks.map(({ tags }) => tags[stackTags.profile]));
  } catch {
    return undefined;
  }
}

function useProfiles(aws: boolean): void {
  const config = join(localProfiles, 'config');
  if (aws || process.env['AWS_CONFIG_FILE'] !== undefined || !existsSync(config)) return;
  process.env['AWS_CONFIG_FILE'] = config;
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(localProfiles, 'credentials');
}

/** The profiles of the AWS configuration and credentials with the endpoint each names: SDK clients read that of AWS_PROFILE alone. */
function profiles(): ReadonlyMap<string, string | undefined> {
  const files = [
    process.env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
    process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
  ];
  const found = new Map<string, string | undefined>();
  for (const section of files.flatMap(sectionsOf)) {
    const [, name] = /^(?:profile\s+)?([^\]\s]+)\s*\]/.exec(section) ?? [];
    const [, endpoint] = /^endpoint_url\s*=\s*(\S+)/m.exec(section) ?? [];
    if (name !== undefined) found.set(name, found.get(name) ?? endpoint);
  }
  return found;
}

const sectionsOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split(/^\[/m).slice(1) : [];

/** What went wrong while AWS was asked, in one line for a person; undefined for a defect of ours. */
export function connectionTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === 'ECONNREFUSED')
    return `nothing answers at ${address ?? '127.0.0.1'}:${port ?? ''}: start the local cloud with npm start, or ask AWS itself with --aws`;
  if (code === 'ENOTFOUND')
    return `${error.message}: this machine cannot reach AWS, or the profile names a region that is none`;
  if (error.name === 'CredentialsProviderError')
    return `no credentials: ${error.message} (name a profile with --profile)`;
  if (error.message === 'Region is missing')
    return 'the AWS profile names no region: add region = … to it, or set AWS_REGION';
  return '$metadata' in error ? `${error.name}: ${error.message}` : undefined;
}
