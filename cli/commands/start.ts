import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Cloud, play } from '../../local/play.ts';
import { failedBuildsDirectory } from '../failed-builds.ts';
import { follow } from '../follow.ts';
import { git } from '../git.ts';
import type { Journeys } from '../journeys.ts';
import { type Expected, waitForAll } from '../once.ts';
import { type ProfileFiles, removeProfiles, runningElsewhere, writeProfiles } from '../profiles.ts';
import { liveLine } from '../render/live.ts';
import { bold, dim, red, seconds, terminalText } from '../render/terminal.ts';
import { runDirectory } from '../run-directory.ts';
import {
  checkRepository,
  exampleCopy,
  followedBranches,
  mergeChange,
  pushBranches,
  type WorkingCopy,
} from '../seed.ts';
import { synthesize } from '../synthesize.ts';

/** As given on the command line. */
export interface StartOptions {
  readonly once: boolean;
  readonly repo?: string;
  /** The folder of another organisation than the checkout's own. */
  readonly organisation?: string;
  readonly port?: number;
}

const checkout = join(import.meta.dirname, '..', '..');
const usualPort = 7340;

/** An environment as its stack's tags tell it. */
interface Followed {
  readonly environment: string;
  readonly branch: string;
  readonly repositories: readonly string[];
}

/** Plays the organisation until Ctrl-C, or once; answers the exit code. */
export async function start(options: StartOptions): Promise<number> {
  const begun = Date.now();
  if (options.repo !== undefined) await checkRepository(options.repo);
  const own = await runDirectory(join(checkout, '.mergecast'));
  try {
    const notes = await timed('synthesized the CDK app', () =>
      synthesize(checkout, join(own.path, 'cdk.out'), options.organisation),
    );
    for (const note of notes) console.log(terminalText(note, 500));
    const cloud = await playing(options, own.path);
    const stop = stopping();
    try {
      return await (options.once ? once(cloud, options, begun) : live(cloud, options, own.path, stop));
    } finally {
      await cloud.stop();
    }
  } finally {
    await own.discard();
  }
}

function playing(options: StartOptions, own: string): Promise<Cloud> {
  return timed('the local cloud is ready', () =>
    play(join(own, 'cdk.out'), {
      port: options.port ?? (options.once ? 0 : usualPort),
      directory: join(own, 'world'),
      failedBuilds: failedBuildsDirectory,
      onStack: (name) => console.log(dim(`  playing stack ${name}`)),
    }),
  );
}

/** Resolves at the first Ctrl-C; a second one ends the process at once. */
function stopping(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = () => {
      resolve();
      process.once('SIGINT', () => process.exit(130));
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}

async function live(cloud: Cloud, options: StartOptions, own: string, stop: Promise<void>): Promise<number> {
  const repository = firstRepository(cloud);
  const early: string[] = [];
  let print = (line: string): unknown => early.push(line);
  const branches = [...new Set(followed(cloud).map(({ branch }) => branch))];
  follow(cloud, (line) => print(liveLine(line)), branches);
  if (options.repo === undefined)
    for (const each of repositoriesOf(cloud)) {
      const copy = await exampleCopy(example(options), each);
      const all = [...new Set(['main', ...branches])];
      for (const branch of all.slice(1)) await git(copy.directory, 'branch', branch);
      await pushBranches(copy.directory, cloud.cloneUrl('devops', each), all);
      await copy.discard();
    }
  else
    await pushBranches(
      options.repo,
      cloud.cloneUrl('devops', repository),
      await followedBranches(options.repo, branches),
    );
  const usual = join(checkout, '.mergecast', 'aws');
  const other = runningElsewhere(usual);
  const profiles = writeProfiles(other === undefined ? usual : join(own, 'aws'), cloud.endpoint, cloud.profiles);
  print = console.log;
  const beside = other === undefined ? [] : [besideAnother(other, profiles)];
  print([welcome(cloud, repository, profiles), ...beside, ...early].join('\n'));
  await stop;
  // What still ran breaks off now; that is no news.
  print = () => undefined;
  removeProfiles(profiles, cloud.endpoint);
  console.log('\nstopped');
  return 0;
}

async function once(cloud: Cloud, options: StartOptions, begun: number): Promise<number> {
  const journeys = follow(cloud, (line) => console.log(liveLine(line)));
  const expected = options.repo === undefined ? await mergeExample(cloud, options) : await pushOwn(cloud, options.repo);
  const failures = await waitForAll(cloud, journeys, expected, (line) => console.log(line));
  for (const reason of failures) console.error(red(reason));
  console.log(`\n${summary(journeys, failures)} in ${seconds(Date.now() - begun)}`);
  return failures.length === 0 ? 0 : 1;
}

/** Merges one change from branch to branch in the order of the environments, each with a real push. */
async function mergeExample(cloud: Cloud, options: StartOptions): Promise<readonly Expected[]> {
  const expected: Expected[] = [];
  for (const repository of repositoriesOf(cloud)) {
    const url = cloud.cloneUrl('devops', repository);
    const copy: WorkingCopy = await exampleCopy(example(options), repository);
    const followers = followed(cloud).filter(({ repositories }) => repositories.includes(repository));
    let from = 'main';
    if (followers.every(({ branch }) => branch !== 'main')) await pushBranches(copy.directory, url, ['main']);
    for (const { environment, branch } of followers) {
      const commitId = await mergeChange(copy.directory, branch, from);
      await pushBranches(copy.directory, url, [branch]);
      expected.push({ environment, commitId });
      from = branch;
    }
    await copy.discard();
  }
  return expected;
}

/** What is merged: the organisation's own repository, or the orders service. */
function example({ organisation }: StartOptions): string {
  const own = organisation === undefined ? undefined : resolve(organisation, 'repository');
  return own !== undefined && existsSync(own) ? own : join(checkout, 'examples', 'orders');
}

async function pushOwn(cloud: Cloud, path: string): Promise<readonly Expected[]> {
  const environments = followed(cloud);
  const branches = await followedBranches(path, [...new Set(environments.map(({ branch }) => branch))]);
  await pushBranches(path, cloud.cloneUrl('devops', firstRepository(cloud)), branches);
  const heads = await Promise.all(
    branches.map(async (branch) => [branch, await git(path, 'rev-parse', `refs/heads/${branch}`)] as const),
  );
  return environments.flatMap(({ environment, branch }) =>
    heads.filter(([name]) => name === branch).map(([, commitId]) => ({ environment, commitId })),
  );
}

function followed(cloud: Cloud): readonly Followed[] {
  return cloud.stacks.flatMap(({ tags }) => {
    const {
      'mergecast:profile': environment,
      'mergecast:branch': branch,
      'mergecast:repositories': repositories = '',
    } = tags;
    return environment === undefined || branch === undefined
      ? []
      : [{ environment, branch, repositories: repositories.split(' ') }];
  });
}

const repositoriesOf = (cloud: Cloud): readonly string[] => [
  ...new Set(followed(cloud).flatMap(({ repositories }) => repositories)),
];

const firstRepository = (cloud: Cloud): string => followed(cloud)[0]?.repositories[0] ?? 'orders';

function welcome(cloud: Cloud, repository: string, { config, credentials }: ProfileFiles): string {
  const copy = `/tmp/${repository}-${cloud.port}`;
  const last = followed(cloud).at(-1)?.environment ?? 'prod';
  const first = followed(cloud)[0]?.branch ?? 'dev';
  return [
    '',
    `  ${bold('clone')}     ${cloud.cloneUrl('devops', repository)}`,
    `  ${bold('AWS')}       ${cloud.endpoint}`,
    `  ${bold('profiles')}  ${cloud.profiles.map(({ name }) => name).join(', ')} in ${config} and ${credentials}`,
    '',
    '  Try next:',
    `    git clone ${cloud.cloneUrl('devops', repository)} ${copy} --branch ${first}`,
    `    cd ${copy} && git commit --allow-empty -m "My change" && git push origin ${first}`,
    `    AWS_CONFIG_FILE=${config} AWS_SHARED_CREDENTIALS_FILE=${credentials} \\`,
    `      aws --profile ${last} codepipeline list-pipeline-executions --pipeline-name ${repository}-${last}`,
    '',
    dim(
      `  Simpler here than on AWS (local/README.md says how): ${cloud.simplified.map((type) => type.replace('AWS::', '')).join(', ')}.`,
    ),
    dim(
      '  A buildspec runs as you, on this machine. AWS CLI v1 needs --endpoint-url for SQS. Ctrl-C stops the cloud and forgets it.',
    ),
    '',
  ].join('\n');
}

/** Two clouds of one checkout have their own profiles; what asks without saying which asks the first. */
const besideAnother = (other: string, { config, credentials }: ProfileFiles): string =>
  `  Another cloud of this checkout runs at ${other}, and .mergecast/aws stays with it. To let mergecast's verbs ask this one:
    export AWS_CONFIG_FILE=${config} AWS_SHARED_CREDENTIALS_FILE=${credentials}
`;

function summary(journeys: Journeys, failures: readonly string[]): string {
  const count = journeys.all.filter(({ environments }) => environments.size > 0).length;
  const merges = count === 1 ? '1 merge' : `${count} merges`;
  return failures.length === 0 ? `${merges} arrived` : `${failures.length} of ${merges} did not arrive`;
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begun = Date.now();
  const result = await work();
  console.log(`${what} ${dim(`(${seconds(Date.now() - begun)})`)}`);
  return result;
}
