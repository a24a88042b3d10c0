import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { announceRefs, type RefChange } from '../services/codecommit/announce.ts';
import { spawnGit } from '../services/codecommit/git.ts';
import { readRef } from '../services/codecommit/refs.ts';
import { type Repository, repositories } from '../services/codecommit/tables.ts';
import { call } from '../world/call.ts';
import { AwsError } from '../world/failure.ts';
import type { Principal } from '../world/principal.ts';
import type { World } from '../world/world.ts';
import { authenticate } from './git/authenticate.ts';
import { flush, largestHeadBytes, type PushHead, pktLine, readPushHead, refusedPush } from './git/pkt-line.ts';

const address = /^\/v1\/repos\/([\w.-]{1,100}?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a request speaks git's smart HTTP. */
export const isGit = (message: IncomingMessage): boolean => address.test((message.url ?? '').split('?')[0] ?? '');

/** One authenticated request to one repository. */
interface Session {
  readonly world: World;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Principal;
  readonly repository: Repository;
}

/** Serves clone, fetch and push of a CodeCommit repository; IAM decides GitPull and, for each ref, GitPush. */
export async function serveGit(world: World, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query = ''] = (message.url ?? '').split('?');
  const [, name = '', action] = address.exec(path) ?? [];
  const known = authenticate(world, message, path);
  if (known === undefined) {
    message.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="CodeCommit of the local cloud"' });
    response.end();
    return;
  }
  try {
    const session = {
      world,
      message,
      response,
      caller: known.principal,
      repository: find(world, known.principal, name, known.region),
    };
    if (action === 'info/refs') await advertise(session, new URLSearchParams(query).get('service') ?? '');
    else if (action === 'git-upload-pack') await upload(session);
    else await receive(session);
  } catch (error) {
    refuse(message, response, error);
  }
}

function find(world: World, caller: Principal, name: string, region: string | undefined): Repository {
  const account = 'account' in caller ? caller.account : '';
  const [found] = world.store
    .in(repositories)
    .where((row) => row.name === name && row.account === account && (region ?? row.region) === row.region);
  if (found === undefined) throw new AwsError('RepositoryDoesNotExistException', `${name} does not exist`, 404);
  return found;
}

function refuse(message: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!(error instanceof AwsError) && !(error instanceof RangeError)) throw error;
  message.resume();
  if (response.headersSent) return void response.destroy();
  response.writeHead(error instanceof AwsError ? error.status : 400, { 'content-type': 'text/plain' });
  response.end(`${error.message}\n`);
}

/** Asks IAM through the internal operation, so that the journal holds it. Answers the call's journal entry. */
async function authorize(
  { world, caller, repository }: Session,
  operation: 'GitPull' | 'GitPush',
  references: readonly string[] = [],
): Promise<string> {
  const { account, region, name } = repository;
  const { cause } = await call<{ cause: string }>(world, {
    caller,
    account,
    region,
    service: 'codecommit',
    operation,
    input: { repositoryName: name, references },
  });
  return cause;
}

async function advertise(session: Session, service: string): Promise<void> {
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
    throw new AwsError('BadRequest', `git service '${service.slice(0, 40)}' is not served: use smart HTTP`, 400);
  await authorize(session, service === 'git-upload-pack' ? 'GitPull' : 'GitPush');
  const { response, message } = session;
  response.writeHead(200, { 'content-type': `application/x-${service}-advertisement`, 'cache-control': 'no-cache' });
  if (!protocol(message).includes('version=2'))
    response.write(Buffer.concat([pktLine(`# service=${service}\n`), flush]));
  await run(session, [service.slice(4), '--stateless-rpc', '--advertise-refs'], undefined);
}

async function upload(session: Session): Promise<void> {
  await authorize(session, 'GitPull');
  session.response.writeHead(200, {
    'content-type': 'application/x-git-upload-pack-result',
    'cache-control': 'no-cache',
  });
  await run(session, ['upload-pack', '--stateless-rpc'], body(session.message));
}

/** Reads the commands, asks IAM, and only then lets git take the pack; what really changed is announced. */
async function receive(session: Session): Promise<void> {
  const { world, response, repository, caller } = session;
  const incoming = body(session.message);
  const { head, read } = await pushHead(incoming);
  response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result', 'cache-control': 'no-cache' });
  if (head.commands.length === 0) return void response.end();
  let cause: string;
  try {
    cause = await authorize(
      session,
      'GitPush',
      head.commands.map(({ ref }) => ref),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    incoming.resume();
    response.end(refusedPush(head, error.message));
    return;
  }
  const before = new Map(head.commands.map(({ ref }) => [ref, readRef(repository, ref)]));
  await run(session, ['receive-pack', '--stateless-rpc'], incoming, read);
  announceRefs(world, repository, changesSince(repository, before), caller, cause);
}

function changesSince(repository: Repository, before: ReadonlyMap<string, string | undefined>): readonly RefChange[] {
  return [...before].map(([ref, old]) => {
    const now = readRef(repository, ref);
    return { ref, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
  });
}

const body = (message: IncomingMessage): Readable =>
  message.headers['content-encoding'] === 'gzip' ? message.pipe(createGunzip()) : message;

/** Reads as much as the commands take; `read` is what was taken from the stream. Throws RangeError for garbage. */
async function pushHead(incoming: Readable): Promise<{ head: PushHead; read: Buffer }> {
  let read: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = await nextChunk(incoming);
    if (chunk === undefined) throw new RangeError('the push ended within its commands');
    read = Buffer.concat([read, chunk]);
    const head = readPushHead(read);
    if (head !== undefined) return { head, read };
    if (read.length > largestHeadBytes)
      throw new RangeError(`the commands of the push are longer than ${largestHeadBytes} bytes`);
  }
}

function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return resolve(chunk);
    if (stream.readableEnded) return resolve(undefined);
    const settle = (act: () => void) => () => {
      for (const name of ['readable', 'end', 'error', 'close']) stream.removeAllListeners(name);
      act();
    };
    stream.once(
      'readable',
      settle(() => resolve((stream.read() as Buffer | null) ?? (stream.readableEnded ? undefined : Buffer.alloc(0)))),
    );
    stream.once(
      'end',
      settle(() => resolve(undefined)),
    );
    stream.once('error', (error) =>
      settle(() => reject(new RangeError(`the push cannot be read: ${error.message}`)))(),
    );
    stream.once(
      'close',
      settle(() => resolve(undefined)),
    );
  });
}

const protocol = (message: IncomingMessage): string => {
  const value = message.headers['git-protocol'];
  return typeof value === 'string' && /^[a-z0-9=:.-]{1,100}$/i.test(value) ? value : '';
};

/** Runs a git service with the request as its input and its output as the answer. */
async function run(
  { world, message, response, repository }: Session,
  parameters: readonly string[],
  input: Readable | undefined,
  first?: Buffer,
): Promise<void> {
  const environment: Record<string, string> = protocol(message) === '' ? {} : { GIT_PROTOCOL: protocol(message) };
  const child = spawnGit(world, [...parameters, repository.directory], environment);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('git has no streams');
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  message.once('aborted', () => child.kill());
  stderr.resume();
  stdin.on('error', () => undefined);
  if (first !== undefined) stdin.write(first);
  if (input === undefined) stdin.end();
  else void pipeline(input, stdin).catch(() => child.kill());
  await pipeline(stdout, response, { end: false }).catch(() => child.kill());
  await ended;
  response.end();
}
