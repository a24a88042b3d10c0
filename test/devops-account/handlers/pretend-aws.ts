import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What an operation answers: a JSON body, or an error as AWS words it. */
export type Reply = object | AwsRefusal | 'hang up';

/** An error of AWS: its code, the HTTP status, its message. */
export class AwsRefusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;

  constructor(code: string, status = 400, message = 'in words') {
    this.code = code;
    this.status = status;
    this.message = message;
  }
}

/** The fields of a call, as they came in. */
export type Input = Readonly<Record<string, unknown>>;

/** Operations by name, such as `GetCommit`; what is not named is refused. */
export type Operations = Readonly<Record<string, (input: Input) => Reply>>;

/** A call that arrived, in the order of arrival. */
interface Call {
  readonly operation: string;
  readonly input: Input;
}

/** A server that speaks AWS's JSON protocols and the one STS operation of a starter, with the operations a test gives it. */
export interface PretendAws {
  readonly endpoint: string;
  readonly calls: Call[];
  readonly close: () => Promise<void>;
}

/**
 * Stands in for AWS on the wire, so that handlers are tested with the real SDK: its retries, its errors, its credentials.
 * `interfere` sees each call first, with its number from 0, and may answer in place of the operation; DynamoDB's calls go to
 * the server at `dynamoPort`.
 */
export async function pretendAws(
  operations: Operations,
  interfere: (operation: string, perform: () => Promise<void>) => Promise<Reply | null> = async () => null,
  dynamoPort?: number,
): Promise<PretendAws> {
  const calls: Call[] = [];
  const server = createServer((asked, answer) => {
    void (async () => {
      const body = await text(asked);
      const target = asked.headers['x-amz-target'];
      const operation =
        typeof target === 'string' ? (target.split('.')[1] ?? '') : (/Action=(\w+)/.exec(body)?.[1] ?? '');
      const input = (typeof target === 'string' ? JSON.parse(body) : {}) as Input;
      calls.push({ operation, input });
      const isDynamo = typeof target === 'string' && target.startsWith('DynamoDB');
      let result: { status: number; body: string } = { status: 500, body: '' };
      const perform = async () => {
        result = isDynamo ? await forwarded(dynamoPort, asked.headers, body) : replied(operation, operations, input);
      };
      const instead = await interfere(operation, perform);
      if (instead === null) await perform();
      if (instead === 'hang up') return void asked.socket.destroy();
      if (instead !== null) result = written(operation, instead);
      answer.writeHead(result.status, {
        'content-type': typeof target === 'string' ? 'application/x-amz-json-1.1' : 'text/xml',
      });
      answer.end(result.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function replied(operation: string, operations: Operations, input: Input) {
  const perform = operations[operation];
  return written(operation, perform === undefined ? new AwsRefusal('UnknownOperationException') : perform(input));
}

function written(operation: string, reply: Reply): { status: number; body: string } {
  if (operation === 'AssumeRole') return writtenAsXml(reply);
  if (reply instanceof AwsRefusal) {
    return { status: reply.status, body: JSON.stringify({ __type: reply.code, message: reply.message }) };
  }
  return { status: 200, body: JSON.stringify(reply) };
}

function writtenAsXml(reply: Reply): { status: number; body: string } {
  if (reply instanceof AwsRefusal) {
    const error = `<Error><Type>Sender</Type><Code>${reply.code}</Code><Message>${reply.message}</Message></Error>`;
    return { status: reply.status, body: `<ErrorResponse>${error}</ErrorResponse>` };
  }
  const fields = Object.entries(reply).map(([field, value]) => `<${field}>${String(value)}</${field}>`);
  const result = `<AssumeRoleResult><Credentials>${fields.join('')}</Credentials></AssumeRoleResult>`;
  return { status: 200, body: `<AssumeRoleResponse>${result}</AssumeRoleResponse>` };
}

function forwarded(port: number | undefined, headers: object, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const onward = request(
      { port, host: '127.0.0.1', method: 'POST', headers: { ...headers, connection: 'close' } },
      (answer) => {
        text(answer).then((received) => resolve({ status: answer.statusCode ?? 500, body: received }), reject);
      },
    );
    onward.on('error', reject);
    onward.end(body);
  });
}
