import { spawn } from 'node:child_process';
import { Fault } from '../../shared/fault.ts';
import { choose } from '../choose.ts';
import { failedBuildsDirectory, type KeptBuild, keptBuilds } from '../failed-builds.ts';
import { dim, terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface ShellOptions {
  /** A command to run in place of a shell to type in. */
  readonly command?: string;
  /** True for a build on AWS, which is refused by name. */
  readonly aws?: boolean;
  /** Where failed builds are kept. @default - .mergecast/failed-builds of the checkout */
  readonly directory?: string;
}

/**
 * Opens a shell in the directory of a build that failed in a local cloud, with the build's environment. `named` is its id, or the beginning of it or of
 * its UUID. Answers the shell's exit code. Throws BuildNotKept for a build that is not there, and for all on AWS.
 */
export async function shell(named: string | undefined, options: ShellOptions): Promise<number> {
  if (options.aws === true) throw new Fault('BuildNotKept', 'a build on AWS leaves no directory behind');
  const build = await meant(named, keptBuilds(options.directory ?? failedBuildsDirectory));
  if (options.command === undefined) console.error(welcome(build));
  const parameters = options.command === undefined ? [] : ['-c', options.command];
  const child = spawn('/bin/sh', parameters, { cwd: build.directory, env: build.environment, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function meant(named: string | undefined, kept: readonly KeptBuild[]): Promise<KeptBuild> {
  const fitting = named === undefined ? kept : kept.filter(({ id }) => isMeant(id, named));
  const ids = fitting.map(({ id }) => id);
  if (ids.length === 0) {
    const all = kept.length === 0 ? 'none is' : `only ${kept.map(({ id }) => id).join(', ')}`;
    throw new Fault('BuildNotKept', terminalText(`build '${named ?? ''}' is not kept; ${all}`, 2000));
  }
  const subject = named === undefined ? 'several builds are kept' : `'${named}' begins several builds`;
  const id = await choose(ids, { question: 'which build', code: 'BuildAmbiguous', subject });
  return fitting.find((each) => each.id === id) as KeptBuild;
}

const isMeant = (id: string, named: string): boolean =>
  named !== '' && (id.startsWith(named) || (id.split(':')[1] ?? '').startsWith(named));

function welcome({ id, directory, withheld }: KeptBuild): string {
  return [
    terminalText(`build ${id}, as it failed, in ${directory}; exit leaves it`),
    ...(withheld.length === 0 ? [] : [dim(terminalText(`not kept, as they are secret: ${withheld.join(', ')}`, 1000))]),
    dim('its cloud may have ended: calls to AWS then reach nobody'),
  ].join('\n');
}
