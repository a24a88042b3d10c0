import { join } from 'node:path';
import { type Cloud, play } from '../../local/play.ts';
import { Fault } from '../../shared/fault.ts';
import { stackTags } from '../../shared/names.ts';
import { canAsk, choose } from '../choose.ts';
import { exitCodes } from '../exit-codes.ts';
import { failedBuildsDirectory, keptBuilds } from '../failed-builds.ts';
import { follow } from '../follow.ts';
import { pipelineClient } from '../pipelines.ts';
import { liveLine } from '../render/live.ts';
import { dim, green, red, seconds, terminalText } from '../render/terminal.ts';
import { runDirectory } from '../run-directory.ts';
import { type ScratchCommit, scratchCommit } from '../scratch-commit.ts';
import { checkRepository, pushBranches } from '../seed.ts';
import { synthesize } from '../synthesize.ts';
import { type Trial, trialOf, watchTrial } from '../trial.ts';
import { pipelinesOf } from '../waiting.ts';

/** As given on the command line. */
export interface RunOptions {
  /** The working tree. */
  readonly from: string;
  /** The last stage to run. @default - all of them */
  readonly until?: string;
  /** True approves whatever waits. */
  readonly yes?: boolean;
  /** The folder of another organisation than the checkout's own. */
  readonly organisation?: string;
}

const checkout = join(import.meta.dirname, '..', '..');

/**
 * Runs an environment's pipeline over a working tree as it lies there, in a local cloud of its own that ends with the run. Answers the exit
 * code: `no` when the pipeline failed. Throws RepositoryUnusable, ProfileUnknown, PipelineUnknown, PipelineAmbiguous, StageMissing, AnswerMissing.
 */
export async function run(
  environment: string | undefined,
  pipeline: string | undefined,
  options: RunOptions,
): Promise<number> {
  const begun = Date.now();
  await checkRepository(options.from);
  const interrupted = interruption();
  const own = await runDirectory(join(checkout, '.mergecast'));
  try {
    const assembly = join(own.path, 'cdk.out');
    for (const note of await synthesize(checkout, assembly, options.organisation)) console.log(terminalText(note, 500));
    const cloud = await play(assembly, { directory: join(own.path, 'world'), failedBuilds: failedBuildsDirectory });
    console.log(dim(`a local cloud of its own is ready (${seconds(Date.now() - begun)})`));
    try {
      const trial = await prepared(cloud, environment, pipeline, options);
      const commit = await scratchCommit(options.from, join(own.path, 'tree.git'), trial.branch);
      return await tried(cloud, trial, commit, interrupted);
    } finally {
      await cloud.stop();
    }
  } finally {
    await own.discard();
  }
}

/** Aborted at the first Ctrl-C; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    controller.abort();
    process.once('SIGINT', () => process.exit(exitCodes.interrupted));
  });
  return controller.signal;
}

/** What is asked for, checked against what is played, before anything of the user's is read. */
async function prepared(
  cloud: Cloud,
  named: string | undefined,
  pipelineNamed: string | undefined,
  { until, yes = false }: RunOptions,
): Promise<Trial> {
  const branches = new Map(
    cloud.stacks.flatMap(({ tags }) => {
      const { [stackTags.profile]: environment, [stackTags.branch]: branch } = tags;
      return environment === undefined || branch === undefined ? [] : [[environment, branch] as const];
    }),
  );
  const choices = [...branches.keys()];
  const environment =
    named ??
    (await choose(choices, {
      question: 'which environment',
      code: 'EnvironmentMissing',
      subject: 'no environment is named',
    }));
  const branch = branches.get(environment);
  const profile = cloud.profiles.find(({ name }) => name === environment);
  if (branch === undefined || profile === undefined)
    throw new Fault('EnvironmentUnknown', `environment '${environment}' is none of ${choices.join(', ')}`);
  const client = pipelineClient(cloud.endpoint, profile);
  const pipelines = await pipelinesOf(client, environment);
  if (pipelineNamed !== undefined && !pipelines.includes(pipelineNamed))
    throw new Fault('PipelineUnknown', `pipeline '${pipelineNamed}' is none of ${pipelines.join(', ')}`);
  const pipeline =
    pipelineNamed ??
    (await choose(pipelines, {
      question: 'which pipeline',
      code: 'PipelineAmbiguous',
      subject: `environment '${environment}' has several pipelines`,
    }));
  const trial = await trialOf(client, { environment, account: profile.account, branch, pipeline, until, yes });
  if (trial.approvals.length > 0 && !yes && !canAsk())
    throw new Fault('AnswerMissing', `${trial.approvals.join(', ')} of ${pipeline} would wait for an approval`);
  return trial;
}

/** Pushes the commit as a merge, shows what happens, and tells how it ended. */
async function tried(cloud: Cloud, trial: Trial, commit: ScratchCommit, interrupted: AbortSignal): Promise<number> {
  const { pipeline, environment, branch, repository, until } = trial;
  const begun = Date.now();
  const builds = new Set<string>();
  const changes = commit.changed === 1 ? '1 file that is' : `${commit.changed} files that are`;
  console.log(terminalText(`running ${pipeline} over the working tree, with ${changes} not committed`));
  let ended = false;
  follow(cloud, (line) => ended || console.log(liveLine(line)));
  cloud.journal.follow(({ kind, account, subject, text }) => {
    if (ended || kind !== 'log' || account !== trial.account) return;
    builds.add(subject.replace(/^.*:build\//, ''));
    console.log(`  ${dim('|')} ${terminalText(text, 4000)}`);
  });
  const ending = watchTrial(cloud, trial, commit.commitId, interrupted);
  await pushBranches(commit.repository, cloud.cloneUrl('devops', repository), [branch]);
  const { outcome, reason } = await ending;
  // What still runs breaks off now; that is no news.
  ended = true;
  const took = dim(`(${seconds(Date.now() - begun)})`);
  const reached = until === undefined ? '' : ` up to ${until}`;
  if (outcome === 'succeeded') console.log(`${green(terminalText(`${pipeline} succeeded${reached}`))} ${took}`);
  else console.error(`${red(terminalText(`${pipeline} in ${environment} ${outcome}: ${reason}`, 4000))} ${took}`);
  for (const { id } of keptBuilds().filter((each) => builds.has(each.id)))
    console.error(terminalText(`the failed build's directory is kept: npx mergecast shell ${id}`));
  if (outcome === 'interrupted') return exitCodes.interrupted;
  return outcome === 'succeeded' ? exitCodes.done : exitCodes.no;
}
