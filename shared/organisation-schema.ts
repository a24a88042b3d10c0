import { inspect } from 'node:util';
import type { z } from 'zod';
import { Fault } from './fault.ts';
import type { Home, NamedEnvironment } from './names.ts';
import { organisationShape } from './organisation-fields.ts';
import { type Mistake, mistakesAcross } from './organisation-mistakes.ts';
import { shardOf } from './sharding.ts';

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
  /** Environments whose records its starter may read, so that its pipelines can require them. @default - none */
  readonly evidenceFrom?: readonly string[];
}

/** The account that keeps the repositories. */
export interface DevopsAccount extends Home {
  /** How many stacks the environments' forwarding rules and roles are spread over. @default - all in the DevOps stack, up to 40 */
  readonly environmentStacks?: number;
  /** AWS's quota of rules on one bus, where it was raised. @default 300, and 100 in two regions */
  readonly rulesPerBus?: number;
}

/** A validated organisation. */
export interface Organisation {
  readonly devops: DevopsAccount;
  /** `o-…`: narrows policies further when given. */
  readonly organisationId?: string;
  /** Where alarms are mailed; to nobody when left out. */
  readonly alarmEmail?: string;
  readonly repositories: readonly Repository[];
  readonly environments: readonly Environment[];
}

/** The organisation file as people write it: an environment takes all repositories and DevOps's region unless it says otherwise. */
export interface OrganisationFile {
  readonly devops: DevopsAccount;
  /** `o-…`: narrows policies to members of the organisation. */
  readonly organisationId?: string;
  /** Where alarms are mailed; to nobody when left out. */
  readonly alarmEmail?: string;
  /** `create: true` makes a repository; without it, it is there already. */
  readonly repositories: readonly { readonly name: string; readonly create?: boolean }[];
  readonly environments: readonly {
    /** Lower-case letters, digits and hyphens; all its names carry it. */
    readonly name: string;
    /** 12 digits. */
    readonly account: string;
    /** @default - the DevOps account's, and AWS lets it be no other */
    readonly region?: string;
    /** Merges to this branch start its pipelines. */
    readonly branch: string;
    /** @default - all */
    readonly repositories?: readonly string[];
    /** Environments that its pipelines may require to finish a commit first: its starter may then read the trail. @default - none */
    readonly evidenceFrom?: readonly string[];
  }[];
}

/** Reads an organisation file. Throws OrganisationInvalid with every mistake, each on a line with its path, the value and a hint. */
export function parseOrganisation(file: unknown): Organisation {
  const { success, data, error } = organisationShape.safeParse(file);
  const ofFields = success ? [] : error.issues.flatMap((issue) => fieldMistakes(issue, file));
  const mistakes = [...ofFields, ...mistakesAcross(file)];
  if (data === undefined || mistakes.length > 0) throw invalid(mistakes);
  const { devops, environments, ...rest } = data;
  return {
    ...rest,
    devops,
    environments: environments.map((each) => ({
      ...each,
      region: each.region ?? devops.region,
      repositories: each.repositories ?? rest.repositories.map(({ name }) => name),
    })),
  };
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

/**
 * What to synthesize: everything, or what `only` names: `devops` or an environment. Throws StackUnknown when it names neither.
 */
export function chosen({ environments }: Organisation, only: unknown) {
  if (only === undefined) return { devops: true, environments };
  const devops = only === 'devops';
  const found = environments.filter(({ name }) => name === only);
  if (!devops && found.length === 0)
    throw new Fault(
      'StackUnknown',
      `only=${shown(only)} is none of ${['devops', ...environments.map(({ name }) => name)].slice(0, 20).join(', ')}`,
    );
  return { devops, environments: found };
}

/** The environments whose forwarding rule and roles stand in a stack: 0 is the DevOps stack itself, others count from 1. */
export function environmentsIn({ devops, environments }: Organisation, stack: number): readonly Environment[] {
  const { environmentStacks = 0 } = devops;
  return environments.filter(({ name }) =>
    environmentStacks === 0 ? stack === 0 : shardOf(name, environmentStacks) + 1 === stack,
  );
}

function fieldMistakes(issue: z.core.$ZodIssue, file: unknown): readonly Mistake[] {
  const value = valueAt(file, issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ path: pathText(issue.path), value, hint: issue.message }];
  return issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    value: valueAt(value, [key]),
    hint: 'there is no such setting: the type OrganisationFile lists all',
  }));
}

const valueAt = (from: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    from,
  );

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'string' && /^[A-Za-z]{1,40}$/.test(key) ? `.${key}` : `[${shown(key)}]`))
    .join('')
    .replace(/^\./, '') || 'the file';

/** More lines than these help nobody. */
const linesAtMost = 50;

function invalid(mistakes: readonly Mistake[]): Fault {
  const lines = mistakes.slice(0, linesAtMost).map(({ path, value, hint }) => `  ${path}: ${shown(value)}: ${hint}`);
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  const more = mistakes.length > linesAtMost ? [`  … and ${mistakes.length - linesAtMost} more`] : [];
  return new Fault('OrganisationInvalid', [`organisation.ts has ${count}:`, ...lines, ...more, ''].join('\n'));
}

/** On one line, with control characters escaped, however large or odd the value is. */
const shown = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80, maxArrayLength: 5 }).slice(
        0,
        200,
      );
