import { Command, InvalidArgumentError } from 'commander';
import { Fault } from '../shared/fault.ts';
import { type StartOptions, start } from './commands/start.ts';
import { terminalText } from './render/terminal.ts';
import { AppRefused } from './synthesize.ts';

/** The command line: one verb a file in commands/. A refusal is one line on standard error and exit code 2. */
const program = new Command('mergecast').description('Every merge, cast to the accounts that asked for it.');

program
  .command('start')
  .description('play the organisation in the local cloud and show what happens to each merge')
  .option('--once', 'merge to each environment once, wait for the pipelines, print the journeys and end', false)
  .option(
    '--repo <path>',
    "your own git repository in place of the example; its environments' branches are pushed as they are",
  )
  .option('--port <number>', 'where the local cloud listens on 127.0.0.1; 0 takes a free one', portNumber)
  .action(async (options: StartOptions) => {
    process.exitCode = await start(options);
  });

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Fault || error instanceof AppRefused)) throw error;
  console.error(terminalText(error.message, 4000));
  process.exitCode = 2;
}
