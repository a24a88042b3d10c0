import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const environment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

/** A clone that commits and pushes to one branch, as an ordinary developer's. */
export class Pushing {
  readonly #clone: string;

  private constructor(clone: string) {
    this.#clone = clone;
  }

  static async at(directory: string, url: string): Promise<Pushing> {
    const clone = join(directory, 'clone');
    await run('git', ['init', '--quiet', '--initial-branch=dev', clone], { env: environment });
    const pushing = new Pushing(clone);
    await pushing.#git('remote', 'add', 'origin', url);
    return pushing;
  }

  /** Makes a commit; answers its id. */
  async commit(message: string): Promise<string> {
    await this.#git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    return this.#git('rev-parse', 'HEAD');
  }

  /** Pushes the branch; answers the milliseconds that `git push` took, as its user counts them. */
  async push(): Promise<number> {
    const begun = performance.now();
    await this.#git('push', '--quiet', 'origin', 'dev');
    return performance.now() - begun;
  }

  async #git(...parameters: readonly string[]): Promise<string> {
    const { stdout } = await run('git', ['-C', this.#clone, ...parameters], { env: environment });
    return stdout.trim();
  }
}
