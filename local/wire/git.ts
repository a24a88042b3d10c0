import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { announceRefs, type RefChange } from '../services/codecommit/announce.ts';
import { readRef } from '../services/codecommit/refs.ts';
import { type Repository, repositories } from '../services/codecommit/tables.ts';
import { call } from '../world/call.ts';
import { AwsError } from '../world/failure.ts';
import type { Principal } from '../world/principal.ts';
import type { World } from '../world/world.ts';
import { authenticate } from './git/authenticate.ts';
import { body, largestFetchBytes, largestPushBytes, pushHead } from './git/body.ts';
import { flush, type PushHead, pktLine, refusedPush } from './git/pkt-line.ts';
import { pushAdvertisement } from './git/push-advertisement.ts';
import { PushReport } from './git/push-report.ts';
import { protocol, runGit } from './git/run.ts';

const prefix = '/v1/repos/';
const address = /^\/v1\/repos\/([\w.-]{1,100}?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a request speaks git's smart HTTP. */
export const isGit = (message: IncomingMessage): boolean => message.url?.startsWith(prefix) ?? false;

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
  const [, name, action = ''] = address.exec(path) ?? [];
  try {
    if (name === undefined) throw new AwsError('NotFound', 'only smart HTTP is served: use git 1.7.9 or newer', 404);
    const known = authenticate(world, message, path);
    if (known === undefined) return askWho(message, response);
    const repository = find(world, known.principal, name, known.region);
    const session = { world, message, response, caller: known.principal, repository };
    await serveAction(session, `${message.method} ${action}`, query);
  } catch (error) {
    refuse(message, response, error);
  }
}

function serveAction(session: Session, action: string, query: string): Promise<void> {
  switch (action) {
    case 'GET info/refs':
      return advertise(session, new URLSearchParams(query).get('service') ?? '');
    case 'POST git-upload-pack':
      return upload(session);
    case 'POST git-receive-pack':
      return receive(session);
    default:
      throw new AwsError('MethodNotAllowed', `${action} is not smart HTTP`, 405);
  }
}

function askWho(message: IncomingMessage, response: ServerResponse): void {
  message.resume();
  response.writeHead(401, { 'www-authenticate': 'Basic realm="CodeCommit of the local cloud"' });
  response.end();
}

/** By name in the caller's account, wherever it is; a signature names the region too. */
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
  { world, caller, repository: { account, region, name: repositoryName } }: Session,
  operation: 'GitPull' | 'GitPush',
  references: readonly string[] = [],
): Promise<string> {
  const input = { repositoryName, references };
  const place = { account, region };
  const { cause } = await call<{ cause: string }>(world, { caller, ...place, service: 'codecommit', operation, input });
  return cause;
}

async function advertise(session: Session, service: string): Promise<void> {
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
    throw new AwsError('BadRequest', `git service '${service.slice(0, 40)}' is not served: use smart HTTP`, 400);
  await authorize(session, service === 'git-upload-pack' ? 'GitPull' : 'GitPush');
  const { response, message, repository } = session;
  answer(response, `${service}-advertisement`);
  const header = Buffer.concat([pktLine(`# service=${service}\n`), flush]);
  if (service === 'git-receive-pack') return void response.end(Buffer.concat([header, pushAdvertisement(repository)]));
  if (!protocol(message).includes('version=2')) response.write(header);
  await runGit({
    ...session,
    parameters: ['upload-pack', '--stateless-rpc', '--advertise-refs', repository.directory],
  });
}

function answer(response: ServerResponse, kind: string): void {
  response.writeHead(200, { 'content-type': `application/x-${kind}`, 'cache-control': 'no-cache' });
}

async function upload(session: Session): Promise<void> {
  await authorize(session, 'GitPull');
  answer(session.response, 'git-upload-pack-result');
  const parameters = ['upload-pack', '--stateless-rpc', session.repository.directory];
  await runGit({ ...session, parameters, input: body(session.message, largestFetchBytes) });
}

/** Reads the commands, asks IAM, and only then lets git take the pack. */
async function receive(session: Session): Promise<void> {
  const incoming = body(session.message, largestPushBytes);
  try {
    const { head, whole } = await pushHead(incoming);
    answer(session.response, 'git-receive-pack-result');
    const cause = head.commands.length === 0 ? undefined : await permitted(session, head);
    if (cause === undefined) session.response.end();
    else await takePack(session, head, whole, cause);
  } finally {
    incoming.destroy();
  }
}

/** What git accepted is told as soon as git says so, before it has ended. */
async function takePack(session: Session, head: PushHead, input: Readable, cause: string): Promise<void> {
  const { world, repository, caller } = session;
  const before = new Map(head.commands.map(({ ref }) => [ref, readRef(repository, ref)]));
  let told = false;
  const tell = (changes: readonly RefChange[]) => {
    if (!told) announceRefs(world, repository, changes, caller, cause);
    told = true;
  };
  const report = new PushReport(head.capabilities, (accepted) => tell(acceptedChanges(head, accepted, before)));
  const parameters = ['receive-pack', '--stateless-rpc', repository.directory];
  await runGit({ ...session, parameters, input, onOutput: (chunk) => report.take(chunk) });
  tell(changesSince(repository, before));
}

/** The journal entry that lets the push in; else answers the refusal as git shows it. */
async function permitted(session: Session, head: PushHead): Promise<string | undefined> {
  try {
    const references = head.commands.map(({ ref }) => ref);
    return await authorize(session, 'GitPush', references);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    session.response.write(refusedPush(head, error.message));
    return undefined;
  }
}

type Before = ReadonlyMap<string, string | undefined>;

const nothing = '0'.repeat(40);

/** Git moves a ref only from the commit that its command names, so an accepted command tells both sides, whoever else pushes. */
function acceptedChanges(head: PushHead, accepted: ReadonlySet<string>, before: Before): readonly RefChange[] {
  return head.commands
    .filter(({ ref }) => accepted.has(ref))
    .map(({ ref, before: from, after }) =>
      after === nothing ? change(ref, before.get(ref), undefined) : change(ref, known(from), after),
    );
}

/** For clients that want no report: what the files say. */
function changesSince(repository: Repository, before: Before): readonly RefChange[] {
  return [...before].map(([ref, old]) => change(ref, old, readRef(repository, ref)));
}

const known = (commitId: string): string | undefined => (commitId === nothing ? undefined : commitId);

const change = (ref: string, before: string | undefined, after: string | undefined): RefChange => ({
  ref,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});
