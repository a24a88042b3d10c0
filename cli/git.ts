import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault } from '../shared/fault.ts';

const run = promisify(execFile);

/** A hook that runs us names its own repository in GIT_DIR and others: nothing here may ever be done to that one. */
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));

/** Git without the user's own settings: no hooks, no signing, no prompts, no proxy to this machine, a pretend author. */
const environment = {
  ...inherited,
  NO_PROXY: '127.0.0.1',
  no_proxy: '127.0.0.1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'mergecast',
  GIT_AUTHOR_EMAIL: 'mergecast@example.com',
  GIT_COMMITTER_NAME: 'mergecast',
  GIT_COMMITTER_EMAIL: 'mergecast@example.com',
};

/** Runs git in a directory and answers what it printed. Throws GitFailed with git's own words, without passwords. */
export async function git(directory: string, ...parameters: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', directory, ...parameters], {
      env: environment,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Fault('GitFailed', withoutPasswords(`git ${parameters[0]}: ${stderr.trim() || message}`));
  }
}

const withoutPasswords = (text: string): string => text.replace(/\/\/[^/@\s]+@/g, '//');
