import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../shared/fault.ts';
import { connectionTrouble } from './connection.ts';
import { exitCodeOf, exitCodes, exitCodesText } from './exit-codes.ts';
import { terminalText } from './render/terminal.ts';
import { AppRefused } from './synthesize.ts';

/** The action of a verb: its file is read only when it is called, so that no verb waits for what another one needs. Its answer is the exit code. */
const verb =
  <Parameters extends readonly unknown[]>(
    load: () => Promise<(...parameters: Parameters) => number | Promise<number>>,
  ) =>
  async (...parameters: Parameters): Promise<void> => {
    process.exitCode = await (await load())(...parameters);
  };

/** The command line: one verb a file in commands/. A refusal is one line on standard error and an exit code of exit-codes.ts. */
const program = new Command('mergecast')
  .description('Every merge, cast to the accounts that asked for it.')
  .addHelpText('after', exitCodesText)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.done : exitCodes.wrongCall));

program
  .command('start')
  .description('play the organisation in the local cloud and show what happens to each merge')
  .option('--once', 'merge to each environment once, wait for the pipelines, print the journeys and end', false)
  .option(
    '--repo <path>',
    "your own git repository in place of the example; its environments' branches are pushed as they are",
  )
  .option(
    '--organisation <folder>',
    'another organisation, such as examples/single-account; its repository/ is the example',
  )
  .option('--port <number>', 'where the local cloud listens on 127.0.0.1; 0 takes a free one', portNumber)
  .action(verb(async () => (await import('./commands/start.ts')).start));

program
  .command('run [environment] [pipeline]')
  .description('run a pipeline over a working tree as it lies there, in a local cloud of its own; nothing is pushed')
  .option('--from <path>', 'the working tree; uncommitted and untracked files are part of it', process.cwd())
  .option('--until <stage>', 'the last stage to run')
  .option('--yes', 'approve whatever waits for an approval')
  .option('--organisation <folder>', 'another organisation, such as examples/single-account')
  .action(verb(async () => (await import('./commands/run.ts')).run));

program
  .command('shell [build]')
  .description('a shell in the directory of a build that failed in a local cloud, with its environment')
  .option('-c, --command <text>', 'run this there in place of a shell to type in')
  .option('--aws', 'a build on AWS; says what to do there')
  .action(verb(async () => (await import('./commands/shell.ts')).shell));

/** Adds what all verbs that ask AWS take. */
const asking = (command: Command): Command =>
  command
    .option('--profile <name>', 'the AWS profile to use in place of the one named after the account')
    .option('--aws', 'ask AWS itself, also while the profiles of a local cloud are there');

const ofPipeline = (command: Command): Command =>
  asking(command).option('--pipeline <name>', "one pipeline in place of all the environment's");

asking(program.command('trace <id>'))
  .description("the journey of a commit, merge id, event id or execution id, from the DevOps account's trail")
  .option('--since <time>', 'how far back to look: 90m, 12h, 30d', '30d')
  .option('--json', 'for machines')
  .option('--html <file>', 'write one page with a timeline')
  .action(verb(async () => (await import('./commands/trace.ts')).trace));

asking(program.command('where <commit>'))
  .description('in which environments a commit is, since when, from the trail and the repository')
  .option('--since <time>', 'how far back to look for deliveries: 90m, 12h, 30d', '90d')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/where.ts')).where));

asking(program.command('tail'))
  .description('the trail as it is written')
  .option('--since <time>', 'begin that long ago: 90m, 12h, 30d', '10m')
  .option('--filter <text>', 'only records that hold this text')
  .option('--json', 'a record a line, for machines')
  .option('--no-follow', 'end after what is there')
  .action(verb(async () => (await import('./commands/tail.ts')).tail));

asking(program.command('what-if'))
  .description('which merges of the trail would start something else with proposed templates')
  .option('--since <time>', 'how far back to look: 90m, 12h, 30d', '30d')
  .option('--against <directory>', 'the proposed synthesized templates', 'cdk.out')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/what-if.ts')).whatIfVerb));

asking(program.command('verify'))
  .description('checks the sealed trail: chain, signatures and that no record was altered, removed, doubled or moved')
  .option('--directory <path>', 'a copy of the bucket in place of the bucket; asks nobody')
  .option('--public-key <file>', 'the key as PEM, in place of the one that KMS answers')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/verify.ts')).verify));

ofPipeline(program.command('status [environment]'))
  .description('how the pipelines of one or all environments fare')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/status.ts')).status));

ofPipeline(program.command('why [environment]'))
  .description('why the newest commit of the branch is, or is not, running in an environment')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/why.ts')).whyVerb));

ofPipeline(program.command('logs [environment]'))
  .description("the log of the newest build of an environment's pipelines")
  .option('-f, --follow', 'all builds of the newest execution until it has ended; its result is the exit code')
  .option('--json', 'a line of the log a line, for machines')
  .action(verb(async () => (await import('./commands/logs.ts')).logs));

for (const [name, result] of [
  ['approve', 'Approved'],
  ['reject', 'Rejected'],
] as const)
  ofPipeline(program.command(`${name} [environment]`))
    .description(`${name} what waits for an approval`)
    .option('--summary <text>', 'why; it stays with the execution', `${result.toLowerCase()} with mergecast ${name}`)
    .option('--json', 'for machines')
    .action(verb(async () => (await import('./commands/answer.ts')).answer.bind(undefined, result)));

ofPipeline(program.command('hold [environment] [name]'))
  .description("let nothing start in an environment's pipelines until they are released; merges wait and are not lost")
  .option('--reason <text>', 'why: those whose merge waits are shown it')
  .option('--until <time>', 'when it ends by itself: 4h, 2d or a time with its zone')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/hold.ts')).hold));

ofPipeline(program.command('release [environment] [name]'))
  .description('end a hold; with --commit, let one commit through a freeze or missing evidence, which takes two people')
  .option('--commit <id>', 'the commit that goes, and no other')
  .option('--reason <text>', 'why; the trail keeps it')
  .option('--confirm', 'as the second person, confirm what the first asked for')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/release.ts')).release));

ofPipeline(program.command('retry [environment]'))
  .description('run the failed stage of the newest execution again')
  .option('--all', 'all actions of the stage, not only those that failed')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/retry.ts')).retry));

ofPipeline(program.command('stop [environment]'))
  .description('stop the executions that run')
  .option('--abandon', 'at once, without waiting for running actions')
  .option('--reason <text>', 'shown with the execution', 'stopped with mergecast stop')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/stop.ts')).stop));

ofPipeline(program.command('rollback [environment] [name]'))
  .description('run a stage of a pipeline again as an earlier execution left it')
  .option('--stage <stage>', 'the stage; the last one that was reached when it is left out')
  .option('--to <execution>', 'the execution to go back to; the one before what the stage holds when it is left out')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/rollback.ts')).rollback));

asking(program.command('plan'))
  .description('what a deployment would create, change and remove in each account, and what that costs')
  .option('--organisation <folder>', 'another organisation, such as examples/single-account')
  .option(
    '--assembly <directory>',
    'templates that are synthesized already; the app is synthesized when it is left out',
  )
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/plan.ts')).plan));

/** Adds what all verbs that judge templates take. */
const judging = (command: Command): Command =>
  command.option('--assembly <directory>', 'the synthesized templates', 'cdk.out');

judging(program.command('routes'))
  .description('every path from repository and branch to pipeline, from the synthesized templates')
  .addOption(
    new Option('--format <format>', 'how it is printed').choices(['table', 'mermaid', 'json', 'svg']).default('table'),
  )
  .action(verb(async () => (await import('./commands/routes.ts')).routes));

judging(program.command('audit'))
  .description('what in the synthesized templates does not protect as it should')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/audit.ts')).audit));

judging(program.command('who-can-start <pipeline>'))
  .description('every principal and event that can start a pipeline, by which statements, and who could change that')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/who-can-start.ts')).whoCanStartVerb));

judging(program.command('prove'))
  .description(
    'decides claims about the synthesized templates over all events and principals, each with its proof or a counterexample',
  )
  .option('--claims <file>', 'your own claims, beside the defaults (claims.json where there is one)')
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/prove.ts')).proveVerb));

program
  .command('diff <before> <after>')
  .description(
    'what a change from one cdk.out to another does to routes, who can start what and dead letters, as a review comment',
  )
  .option('--json', 'for machines')
  .action(verb(async () => (await import('./commands/diff.ts')).diff));

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

try {
  await program.parseAsync();
} catch (error) {
  const known = error instanceof Fault || error instanceof AppRefused ? error.message : connectionTrouble(error);
  if (known === undefined) throw error;
  console.error(terminalText(known, 4000));
  process.exitCode = exitCodeOf(error);
}
