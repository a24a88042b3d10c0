import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { readAssembly } from '../../assembly/read-assembly.ts';
import { readCloud } from '../../audit/cloud/cloud.ts';
import { readLines } from '../../audit/trail/record.ts';
import { searchTrail } from '../../audit/trail/search.ts';
import { type Otherwise, whatIf } from '../../audit/what-if/compare.ts';
import type { PipelineName } from '../../audit/what-if/reached.ts';
import { branchMergedSource } from '../../events/branch-merged.ts';
import { startDecidedSource } from '../../events/start-decided.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { periodOf } from '../period.ts';
import { progressLine } from '../render/progress.ts';
import { bold, dim, green, red, terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface WhatIfOptions extends ConnectionOptions {
  readonly since: string;
  /** The directory of the proposed cloud assembly. */
  readonly against: string;
  readonly json?: boolean;
}

/** Announcements, and what starters decided of them; of the sweep only what it changed. */
const asked = `{ $.source = "${branchMergedSource}" || ($.source = "${startDecidedSource}" && $.detail.outcome != "already-started") }`;

/**
 * Prints which merges of the trail would start something else with proposed templates; answers the exit code, `no` when one would. Throws PeriodInvalid,
 * ProfileUnknown, and what reading the assembly throws.
 */
export async function whatIfVerb(options: WhatIfOptions): Promise<number> {
  const proposed = readCloud(readAssembly(options.against));
  const period = periodOf(options.since);
  const progress = progressLine('records of the trail read');
  const logs = new CloudWatchLogsClient(connect('devops', options));
  const { records } = readLines(await searchTrail(logs, period, asked, progress.show));
  progress.clear();
  const found = whatIf(records, proposed);
  if (options.json === true) console.log(JSON.stringify(found, undefined, 2));
  else {
    for (const each of found.otherwise) console.log(otherwiseText(each));
    const count = found.otherwise.length;
    console.log(
      `${found.merges === 1 ? '1 merge' : `${found.merges} merges`} in the last ${options.since}; with ${terminalText(options.against)}, ${count === 0 ? 'each would start what it started' : `${count} would start something else`}`,
    );
  }
  return found.otherwise.length === 0 ? exitCodes.done : exitCodes.no;
}

function otherwiseText({ repository, branch, commitId, occurredAt, newly, noLonger }: Otherwise): string {
  const all = (names: readonly PipelineName[]) =>
    names.map(({ account, pipeline }) => `${terminalText(pipeline)} of ${account}`).join(', ');
  return [
    `${bold(`${terminalText(repository)} ${terminalText(branch)}`)} ${commitId.slice(0, 8)}  ${dim(occurredAt)}`,
    ...(newly.length === 0 ? [] : [`  ${green('would newly look at it:')} ${all(newly)}`]),
    ...(noLonger.length === 0 ? [] : [`  ${red('would no longer:')} ${all(noLonger)}`]),
  ].join('\n');
}
