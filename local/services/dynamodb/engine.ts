import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError } from '../../world/failure.ts';
import type { Closable } from '../../world/live.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';

/** The embedded DynamoDB of one account and region. It keeps its own state, in memory, and knows no IAM: the door in front does. */
export interface Engine extends Closable {
  send(operation: string, input: unknown): Promise<unknown>;
}

/** dynalite names all tables after one pretend place; answers carry the real one instead. */
const pretendArn = /arn:aws:dynamodb:[a-z0-9-]+:\d{12}:/g;

/** The engine of that place, started on first use. */
export function engine(world: World, { account, region }: Place): Engine {
  return world.live.get(`dynamodb/${account}/${region}`, () => start(`arn:aws:dynamodb:${region}:${account}:`));
}

function start(arnPrefix: string): Engine {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const agent = new Agent({ keepAlive: true });
  const listening = new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  return {
    send: async (operation, input) => {
      const { status, text } = await post(agent, await listening, operation, JSON.stringify(input));
      const answer = JSON.parse(text.replace(pretendArn, arnPrefix)) as Record<string, string>;
      if (status >= 400) throw refusal(status, answer);
      return answer;
    },
    close: async () => {
      await listening.catch(() => undefined);
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function refusal(status: number, answer: Record<string, string>): AwsError {
  const { __type: type, message, Message, ...members } = answer;
  return new AwsError(
    (type ?? '').split('#').pop() ?? 'InternalServerError',
    message ?? Message ?? '',
    status,
    members,
  );
}

function post(agent: Agent, port: number, operation: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method: 'POST', agent, headers: headersFor(operation, body) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 500, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** dynalite wants to see a signature but does not check it: the wire already has. */
const headersFor = (operation: string, body: string) => ({
  'content-type': 'application/x-amz-json-1.0',
  'content-length': Buffer.byteLength(body),
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'x-amz-date': '20000101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20000101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
});
