import { z } from 'zod';
import { Fault } from './fault.ts';
import { branchNameFlaw } from './git-names.ts';
import { artifactBucketName, type Home, type NamedEnvironment, pipelineName } from './names.ts';
import { regions } from './regions.ts';

/** A repository of the DevOps account. */
export interface Repository {
  readonly name: string;
  /** True when the DevOps stack makes it; otherwise it exists already, as companies have them. */
  readonly create: boolean;
}

/** An account that follows a branch of some repositories with pipelines of its own. */
export interface Environment extends NamedEnvironment {
  readonly branch: string;
  readonly repositories: readonly string[];
}

/** A validated organisation. */
export interface Organisation {
  readonly devops: Home;
  /** `o-…`: narrows policies further when given. */
  readonly organisationId?: string;
  /** Where alarms are mailed; to nobody when left out. */
  readonly alarmEmail?: string;
  readonly repositories: readonly Repository[];
  readonly environments: readonly Environment[];
}

/** The organisation file as people write it: an environment takes all repositories and DevOps's region unless it says otherwise. */
export interface OrganisationFile {
  readonly devops: Home;
  readonly organisationId?: string;
  readonly alarmEmail?: string;
  readonly repositories: readonly { readonly name: string; readonly create?: boolean }[];
  readonly environments: readonly {
    readonly name: string;
    readonly account: string;
    readonly region?: string;
    readonly branch: string;
    readonly repositories?: readonly string[];
  }[];
}

/** One thing that is wrong with the file. */
export interface Mistake {
  /** `environments[1].account`. */
  readonly path: string;
  readonly value: unknown;
  readonly hint: string;
}

const shape = z.strictObject({
  devops: z.strictObject({ account: z.string(), region: z.string() }),
  organisationId: z.string().optional(),
  alarmEmail: z.string().optional(),
  repositories: z.array(z.strictObject({ name: z.string(), create: z.boolean().default(false) })).min(1),
  environments: z
    .array(
      z.strictObject({
        name: z.string(),
        account: z.string(),
        region: z.string().optional(),
        branch: z.string(),
        repositories: z.array(z.string()).min(1).optional(),
      }),
    )
    .min(1),
});

/** Reads an organisation file. Throws OrganisationInvalid with every mistake, each on a line with its path, the value and a hint. */
export function parseOrganisation(file: unknown): Organisation {
  const parsed = shape.safeParse(file);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => shapeMistake(issue, file)));
  const organisation = withDefaults(parsed.data);
  const mistakes = mistakesOf(organisation);
  if (mistakes.length > 0) throw invalid(mistakes);
  return organisation;
}

/** What is allowed and still worth saying, a sentence each. */
export function remarksOn({ devops, environments }: Organisation): readonly string[] {
  return environments
    .filter(({ account }) => account === devops.account)
    .map(
      ({ name }) =>
        `environment ${name} runs in the DevOps account ${devops.account}: whoever administers one administers both`,
    );
}

function withDefaults({
  devops,
  organisationId,
  alarmEmail,
  repositories,
  environments,
}: z.output<typeof shape>): Organisation {
  return {
    devops,
    repositories,
    environments: environments.map((each) => ({
      ...each,
      region: each.region ?? devops.region,
      repositories: each.repositories ?? repositories.map(({ name }) => name),
    })),
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

function shapeMistake(issue: z.core.$ZodIssue, file: unknown): Mistake {
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    file,
  );
  return { path: pathText(issue.path), value, hint: issue.message };
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  ) || 'the file';

/** All mistakes beyond the shape, in the order of the file. */
function mistakesOf(organisation: Organisation): readonly Mistake[] {
  const { devops, organisationId, alarmEmail, repositories, environments } = organisation;
  return [
    ...accountMistakes(devops.account, 'devops.account'),
    ...regionMistakes(devops.region, 'devops.region'),
    ...when(
      organisationId !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organisationId),
      'organisationId',
      organisationId,
      'an organisation id looks like o-a1b2c3d4e5',
    ),
    ...when(
      alarmEmail !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(alarmEmail),
      'alarmEmail',
      alarmEmail,
      'give one e-mail address, as ops@example.com',
    ),
    ...repositories.flatMap(({ name }, index) => repositoryMistakes(name, index, organisation)),
    ...environments.flatMap((environment, index) => environmentMistakes(environment, index, organisation)),
  ];
}

function repositoryMistakes(name: string, index: number, { repositories }: Organisation): readonly Mistake[] {
  const path = `repositories[${index}].name`;
  return [
    ...when(
      !/^[\w.-]{1,100}$/.test(name) || name.endsWith('.git'),
      path,
      name,
      'CodeCommit takes 1 to 100 letters, digits, dots, hyphens and underscores, not ending in .git',
    ),
    ...when(
      repositories.findIndex((each) => each.name === name) !== index,
      path,
      name,
      'this repository is listed twice: leave one',
    ),
  ];
}

function environmentMistakes(environment: Environment, index: number, organisation: Organisation): readonly Mistake[] {
  const { name, account, region, branch, repositories } = environment;
  const { devops, environments } = organisation;
  const at = `environments[${index}]`;
  const flaw = branchNameFlaw(branch);
  return [
    ...when(
      !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name),
      `${at}.name`,
      name,
      'use lower-case letters, digits and hyphens, beginning with a letter',
    ),
    ...when(name === 'devops', `${at}.name`, name, 'this is the name of the DevOps profile: choose another'),
    ...when(
      environments.findIndex((each) => each.name === name) !== index,
      `${at}.name`,
      name,
      'two environments have this name: give each its own',
    ),
    ...accountMistakes(account, `${at}.account`),
    ...regionMistakes(region, `${at}.region`),
    ...when(
      region !== devops.region,
      `${at}.region`,
      region,
      `a CodeCommit source must be in its pipeline's region: use ${devops.region}, as the DevOps account`,
    ),
    ...when(flaw !== undefined, `${at}.branch`, branch, `git refuses this branch name: it ${flaw ?? ''}`),
    ...repositories.flatMap((repository, at2) =>
      followedMistakes(repository, `${at}.repositories[${at2}]`, environment, organisation),
    ),
    ...tooLong(artifactBucketName(environment), 58, `${at}.name`, name, 'the artifact bucket'),
  ];
}

function followedMistakes(
  repository: string,
  path: string,
  environment: Environment,
  { repositories }: Organisation,
): readonly Mistake[] {
  const known = repositories.map(({ name }) => name);
  return [
    ...when(
      !known.includes(repository),
      path,
      repository,
      `no such repository is listed above: use one of ${known.join(', ')}`,
    ),
    ...tooLong(
      pipelineName(repository, environment.name),
      56,
      path,
      repository,
      'the pipeline, its role and its build project',
    ),
  ];
}

const accountMistakes = (account: string, path: string) =>
  when(
    !/^\d{12}$/.test(account),
    path,
    account,
    'an account id has 12 digits, written as text so that leading zeros stay',
  );

const regionMistakes = (region: string, path: string) =>
  when(!regions.includes(region), path, region, 'this is no AWS region: use one such as eu-west-1');

const tooLong = (made: string, longest: number, path: string, value: string, what: string) =>
  when(
    made.length > longest,
    path,
    value,
    `${what} would be named '${made}', ${made.length - longest} characters too long: choose a shorter name`,
  );

const when = (wrong: boolean, path: string, value: unknown, hint: string): readonly Mistake[] =>
  wrong ? [{ path, value, hint }] : [];

function invalid(mistakes: readonly Mistake[]): Fault {
  const lines = mistakes.map(
    ({ path, value, hint }) => `\n  ${path}: ${(JSON.stringify(value) ?? 'missing').slice(0, 120)}: ${hint}`,
  );
  return new Fault(
    'OrganisationInvalid',
    `organisation.ts has ${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}:${lines.join('')}\n`,
  );
}
