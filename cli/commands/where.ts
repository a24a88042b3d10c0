import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient, GetCommitCommand } from '@aws-sdk/client-codecommit';
import { isContained } from '../../audit/trail/ancestry.ts';
import { type DeliveryHistory, findDeliveries } from '../../audit/trail/deliveries.ts';
import { Fault } from '../../shared/fault.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { periodOf } from '../period.ts';
import { progressLine } from '../render/progress.ts';
import { bold, dim, green, red, terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface WhereOptions extends ConnectionOptions {
  readonly since: string;
  readonly json?: boolean;
}

/** Where a commit is, in one pipeline. `unknown`: it is not among the newest 2,000 commits of what runs. */
interface Place {
  readonly environment: string;
  readonly pipeline: string;
  readonly commit: 'running' | 'contained' | 'absent' | 'unknown';
  /** What the pipeline delivered last, and when (ISO 8601). */
  readonly runs: string;
  readonly since: string;
}

/** Prints in which environments a commit is; answers the exit code, 1 when it is in none. */
export async function where(commitId: string, options: WhereOptions): Promise<number> {
  if (!/^[0-9a-f]{40}$/.test(commitId))
    throw new Fault('IdUnknown', `'${commitId}' is no whole commit id`, 'give all 40 hexadecimal digits');
  const settings = connect('devops', options);
  const progress = progressLine('records of the trail read');
  const histories = await findDeliveries(new CloudWatchLogsClient(settings), periodOf(options.since), progress.show);
  progress.clear();
  const codecommit = new CodeCommitClient(settings);
  const own = await ofRepository(codecommit, histories, commitId);
  const places = await Promise.all(own.map((history) => placeOf(codecommit, history, commitId)));
  if (options.json === true) console.log(JSON.stringify(places, undefined, 2));
  else for (const each of places) console.log(placeText(each));
  if (places.length === 0)
    console.error(
      `no pipeline of a repository with commit ${commitId} delivered anything in the last ${options.since}`,
    );
  return places.some(({ commit }) => commit === 'running' || commit === 'contained') ? 0 : 1;
}

/** The histories of the repositories that have the commit. */
async function ofRepository(
  codecommit: CodeCommitClient,
  histories: readonly DeliveryHistory[],
  commitId: string,
): Promise<readonly DeliveryHistory[]> {
  const names = [...new Set(histories.flatMap(({ deliveries }) => deliveries.map(({ repository }) => repository)))];
  const having = await Promise.all(
    names.map((repositoryName) =>
      codecommit.send(new GetCommitCommand({ repositoryName, commitId })).then(
        () => [repositoryName],
        () => [],
      ),
    ),
  );
  return histories.filter(({ deliveries }) => having.flat().includes(deliveries[0]?.repository ?? ''));
}

async function placeOf(codecommit: CodeCommitClient, history: DeliveryHistory, commitId: string): Promise<Place> {
  const { environment, pipeline, deliveries } = history;
  const last = deliveries.at(-1);
  const runs = last?.commitId ?? '';
  const contained = await isContained(codecommit, last?.repository ?? '', commitId, runs);
  const commit =
    runs === commitId ? 'running' : contained === undefined ? 'unknown' : contained ? 'contained' : 'absent';
  return { environment, pipeline, commit, runs, since: new Date(last?.deliveredAt ?? 0).toISOString() };
}

function placeText({ environment, pipeline, commit, runs, since }: Place): string {
  const words = {
    running: green('runs this commit'),
    contained: green(`has it, and runs ${runs.slice(0, 8)}`),
    absent: red(`has it not, and runs ${runs.slice(0, 8)}`),
    unknown: `runs ${runs.slice(0, 8)}, and the commit is not among the newest 2,000 behind it`,
  };
  return `${bold(terminalText(environment).padEnd(10))} ${terminalText(pipeline)}  ${words[commit]}  ${dim(`since ${since}`)}`;
}
