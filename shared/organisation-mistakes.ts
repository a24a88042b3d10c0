import { artifactBucketName, deployedStackName, pipelineName } from './names.ts';
import { regions } from './regions.ts';
import { shardOf } from './sharding.ts';

/** One thing that is wrong with the organisation file. */
export interface Mistake {
  /** `environments[1].account`. */
  readonly path: string;
  readonly value: unknown;
  readonly hint: string;
}

/** The file as far as it can be read: what has the wrong type is empty, so that one mistake does not hide the others. */
interface Readable {
  readonly devops: {
    readonly account: string;
    readonly region: string;
    readonly environmentStacks: number;
    readonly rulesPerBus: number;
  };
  readonly repositories: readonly string[];
  readonly environments: readonly ReadableEnvironment[];
}

interface ReadableEnvironment {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly repositories: readonly string[];
  readonly evidenceFrom: readonly string[];
  /** The names of the stacks that its pipelines deploy, one for each repository. */
  readonly stacks: readonly string[];
}

/** Environments whose rules and roles fit into one stack of 500 resources, beside what the DevOps stack has of its own. */
const environmentsPerStack = 40;

/** More would be no organisation but a mistake. */
export const environmentStacksAtMost = 100;

/** Source: facts 2.4. */
const rulesPerBusOf = (region: string): number => (['af-south-1', 'eu-south-1'].includes(region) ? 100 : 300);

/** What is wrong with how the fields go together, in the order of the file. */
export function mistakesAcross(file: unknown): readonly Mistake[] {
  const readable = read(file);
  return [
    ...sizeMistakes(readable),
    ...readable.repositories.flatMap((name, at) =>
      when(repeats(readable.repositories, at), `repositories[${at}].name`, name, 'it is listed twice: leave one'),
    ),
    ...readable.environments.flatMap((environment, at) => environmentMistakes(environment, at, readable)),
  ];
}

function sizeMistakes({ devops, environments }: Readable): readonly Mistake[] {
  const { environmentStacks: stacks, rulesPerBus } = devops;
  const names = environments.map(({ name }) => name);
  const largest = largestGroup(names, stacks);
  return [
    ...when(
      largest > environmentsPerStack,
      'devops.environmentStacks',
      stacks === 0 ? undefined : stacks,
      `${largest} environments would share a stack and ${environmentsPerStack} fit: spread them with environmentStacks: ${enoughStacks(names)}`,
    ),
    ...when(
      environments.length >= rulesPerBus,
      'environments',
      environments.length,
      `each needs a rule on one bus, and AWS's quota there is ${rulesPerBus}: have it raised and say so in devops.rulesPerBus`,
    ),
  ];
}

/** How many of the names share a stack where most do. */
function largestGroup(names: readonly string[], stacks: number): number {
  const groups = new Map<number, number>();
  for (const name of names) {
    const group = stacks === 0 ? 0 : shardOf(name, stacks);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return Math.max(0, ...groups.values());
}

/** The least number of stacks that holds them all. */
function enoughStacks(names: readonly string[]): number {
  let stacks = Math.ceil(names.length / environmentsPerStack);
  while (stacks < environmentStacksAtMost && largestGroup(names, stacks) > environmentsPerStack) stacks += 1;
  return stacks;
}

function environmentMistakes(environment: ReadableEnvironment, index: number, all: Readable): readonly Mistake[] {
  const { name, region, repositories } = environment;
  const at = `environments[${index}]`;
  const names = all.environments.map((each) => each.name);
  const nested = all.environments.find(
    (each) => each.account === environment.account && each.name !== '' && name.startsWith(`${each.name}-`),
  );
  return [
    ...when(repeats(names, index), `${at}.name`, name, 'two environments have this name: give each its own'),
    ...when(
      nested !== undefined,
      `${at}.name`,
      name,
      `its names could meet those of '${nested?.name}' in account ${environment.account}: begin it otherwise`,
    ),
    ...when(
      region !== '' && regions.includes(all.devops.region) && region !== all.devops.region,
      `${at}.region`,
      region,
      `a CodeCommit source must be in its pipeline's region: use ${all.devops.region}, as the DevOps account`,
    ),
    ...tooLong(artifactBucketName(environment), 58, `${at}.name`, name, 'the artifact bucket'),
    ...environment.evidenceFrom.flatMap((other, place) =>
      when(
        other === name || !names.includes(other),
        `${at}.evidenceFrom[${place}]`,
        other,
        other === name
          ? 'an environment is no evidence for itself: name another'
          : `there is no such environment: use one of ${names
              .filter((each) => each !== name)
              .slice(0, 10)
              .join(', ')}`,
      ),
    ),
    ...repositories.flatMap((repository, place) => followedMistakes(repository, place, environment, index, all)),
  ];
}

function followedMistakes(
  repository: string,
  place: number,
  environment: ReadableEnvironment,
  index: number,
  { repositories, environments }: Readable,
): readonly Mistake[] {
  const path = `environments[${index}].repositories[${place}]`;
  const stack = environment.stacks[place] ?? '';
  const neighbours = environments.filter(({ account }) => account === environment.account);
  const earlier = neighbours.slice(0, neighbours.indexOf(environment)).flatMap(({ stacks }) => stacks);
  const same = [...earlier, ...environment.stacks.slice(0, place)].includes(stack);
  const covering = neighbours.flatMap(({ stacks }) => stacks).find((each) => stack.startsWith(`${each}-`));
  const repeated = repeats(environment.repositories, place);
  return [
    ...when(
      !repositories.includes(repository),
      path,
      repository,
      `no such repository is listed above: use one of ${repositories.slice(0, 10).join(', ')}`,
    ),
    ...when(repeated, path, repository, 'it is listed twice: leave one'),
    ...when(
      same && !repeated,
      path,
      repository,
      `another pipeline of account ${environment.account} deploys a stack '${stack}' too: rename one`,
    ),
    ...when(
      covering !== undefined,
      path,
      repository,
      `its stack '${stack}' is named like a part of stack '${covering}' of account ${environment.account}, whose deployments could change it: rename one`,
    ),
    ...tooLong(
      pipelineName(repository, environment.name),
      56,
      path,
      repository,
      'the pipeline, its roles and its project',
    ),
  ];
}

const repeats = (names: readonly string[], index: number): boolean =>
  names[index] !== '' && names.indexOf(names[index] ?? '') !== index;

const tooLong = (made: string, longest: number, path: string, value: string, what: string) =>
  when(
    made.length > longest,
    path,
    value,
    `${what} would be named '${made}', ${made.length - longest} characters too long: choose a shorter name`,
  );

const when = (wrong: boolean, path: string, value: unknown, hint: string): readonly Mistake[] =>
  wrong ? [{ path, value, hint }] : [];

function read(file: unknown): Readable {
  const { devops: written, repositories, environments } = record(file);
  const devops = record(written);
  const names = list(repositories).map((each) => text(record(each)['name']));
  const region = text(devops['region']);
  return {
    devops: {
      account: text(devops['account']),
      region,
      environmentStacks: count(devops['environmentStacks'], 0),
      rulesPerBus: count(devops['rulesPerBus'], rulesPerBusOf(region)),
    },
    repositories: names,
    environments: list(environments).map((each) => readEnvironment(record(each), region, names)),
  };
}

function readEnvironment(
  written: Readonly<Record<string, unknown>>,
  region: string,
  all: readonly string[],
): ReadableEnvironment {
  const name = text(written['name']);
  const repositories = written['repositories'] === undefined ? all : list(written['repositories']).map(text);
  return {
    name,
    account: text(written['account']),
    region: written['region'] === undefined ? region : text(written['region']),
    repositories,
    evidenceFrom: list(written['evidenceFrom']).map(text),
    stacks: repositories.map((repository) => deployedStackName(repository, name)),
  };
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : otherwise;
