import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spawnGit } from '../../services/codecommit/git.ts';
import type { World } from '../../world/world.ts';

/** A git service to run: its input is the request, its output the answer. */
export interface GitService {
  readonly world: World;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: readonly string[];
  readonly input?: Readable;
  /** Sees each piece of the answer before it is sent. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** The value of Git-Protocol, if it is one; it becomes an environment variable of git. */
export function protocol(message: IncomingMessage): string {
  const value = message.headers['git-protocol'];
  return typeof value === 'string' && /^[a-z0-9=:.-]{1,100}$/i.test(value) ? value : '';
}

/** Streams both ways with back-pressure; git ends with its client and with the world. Ends the response. */
export async function runGit({ world, message, response, parameters, input, onOutput }: GitService): Promise<void> {
  const asked = protocol(message);
  const child = spawnGit(world, parameters, asked === '' ? {} : { GIT_PROTOCOL: asked });
  const { stdin, stdout, stderr } = child;
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  const gone = () => void (response.writableFinished || child.kill());
  response.once('close', gone);
  stderr.resume();
  stdin.on('error', () => undefined);
  if (onOutput !== undefined) stdout.on('data', onOutput);
  if (input === undefined) stdin.end();
  else void pipeline(input, stdin).catch(() => child.kill());
  await Promise.all([pipeline(stdout, response, { end: false }).catch(() => child.kill()), ended]);
  response.end();
}
