import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../../shared/fault.ts';
import type { World } from '../world/world.ts';
import { BodyRoom, type Leave } from './body-room.ts';
import { bodiesTogetherBytes, checkLength, dispatch, refuseUnread } from './dispatch.ts';
import { isGit, serveGit } from './git.ts';
import { journalPath, serveJournal } from './journal.ts';
import { bodyBytes, headOf, readBody, type WireResponse } from './request.ts';

/** The wire: one HTTP door on loopback for the AWS API, git and the journal. */
export interface Wire {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. Throws PortInUse. */
export async function listen(world: World, port: number): Promise<Wire> {
  const room = new BodyRoom(bodiesTogetherBytes);
  const server = createServer((message, response) => void serve({ world, room, message, response }));
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Fault('PortInUse', `port ${port} on 127.0.0.1 is taken`) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** One request at the door. */
interface Visit {
  readonly world: World;
  readonly room: BodyRoom;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(visit: Visit): Promise<void> {
  const { world, message, response } = visit;
  // Clients correct their clocks by this header, and signatures are judged by the world's clock.
  response.setHeader('date', world.clock.date().toUTCString());
  try {
    const stranger = strangerReason(message);
    if (stranger !== undefined)
      return send(response, { status: 403, headers: { 'content-type': 'text/plain' }, body: `${stranger}\n` });
    if (message.url?.startsWith(journalPath)) return serveJournal(world, message, response);
    if (isGit(message)) return await serveGit(world, message, response);
    await serveApi(visit);
  } catch (error) {
    if (!response.headersSent)
      send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'the local cloud failed\n' });
    else response.destroy();
    world.journal.write({ kind: 'fault', account: '', region: '', subject: message.url ?? '', text: String(error) });
  }
}

async function serveApi({ world, room, message, response }: Visit): Promise<void> {
  const head = headOf(message);
  const bytes = bodyBytes(head);
  let leave: Leave | undefined;
  try {
    checkLength(head, bytes);
    leave = await room.enter(bytes);
    send(response, await dispatch(world, await readBody(message, head, bytes)));
  } catch (error) {
    // A client that went away while it waited or sent asks for nothing any more.
    if (!message.destroyed) send(response, refuseUnread(world, head, error));
  } finally {
    leave?.();
  }
}

/** A web page must not reach the cloud: browsers always send Origin, and a rebound name shows in Host. */
function strangerReason(message: IncomingMessage): string | undefined {
  const host = (message.headers.host ?? '').replace(/:\d+$/, '');
  if (message.headers.origin !== undefined)
    return `requests from web pages are refused (Origin ${message.headers.origin})`;
  const own =
    host === '127.0.0.1' || host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.127.0.0.1');
  return own ? undefined : `Host '${host}' is not this machine: use http://127.0.0.1`;
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  const { 'x-length': declared, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': declared ?? Buffer.byteLength(body) });
  response.end(body);
}
