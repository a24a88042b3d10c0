import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PushHeadReader } from '../../local/wire/git/pkt-line.ts';
import { PushReport } from '../../local/wire/git/push-report.ts';
import { type GitWorld, gitWorld } from './git-world.ts';

let cloud: GitWorld;
beforeEach(async () => {
  cloud = await gitWorld();
});
afterEach(() => cloud.close());

test('the probe of four bytes is answered, gzipped or not', async () => {
  const { status } = await post('git-receive-pack', Buffer.from('0000'));
  const gzipped = await post('git-receive-pack', gzipSync('0000'), { 'content-encoding': 'gzip' });

  expect([status, gzipped.status]).toEqual([200, 200]);
});

async function post(service: string, body: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  const { username, password, host } = new URL(cloud.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const url = `http://${host}/v1/repos/orders/${service}`;
  return fetch(url, { method: 'POST', body: new Uint8Array(body), headers: { authorization, ...headers } });
}

const id = 'a'.repeat(40);
const none = '0'.repeat(40);
const line = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;

test.each([
  ['no length', 'zzzz'],
  ['a length below four', '0003'],
  ['an empty body', ''],
  ['a body that ends within a command', '00ff0000'],
  ['an empty packet', '00040000'],
  ['a delimiter packet', '00010000'],
  ['no command', `${line('hello')}0000`],
  ['a short id', `${line(`abc ${id} refs/heads/x`)}0000`],
  ['upper-case ids', `${line(`${none} ${'A'.repeat(40)} refs/heads/x`)}0000`],
  ['SHA-256 ids', `${line(`${'0'.repeat(64)} ${'a'.repeat(64)} refs/heads/x`)}0000`],
  ['a ref outside refs/', `${line(`${none} ${id} HEAD`)}0000`],
  ['a ref that climbs', `${line(`${none} ${id} refs/heads/../../x`)}0000`],
  ['a ref with a line feed', `${line(`${none} ${id} refs/heads/x\ny\0 report-status`)}0000`],
  ['a ref named twice', `${line(`${none} ${id} refs/heads/x`)}${line(`${none} ${id} refs/heads/x`)}0000`],
  ['a signed push', `${line('push-cert\0report-status\n')}${line('certificate version 0.1\n')}0000`],
])('a push with %s is turned down, and the server lives on', async (_what, text) => {
  const answer = await post('git-receive-pack', Buffer.from(text));

  expect(answer.status).toBe(400);
  expect((await post('git-receive-pack', Buffer.from('0000'))).status).toBe(200);
  expect(await cloud.told()).toEqual([]);
});

test('bytes that are no UTF-8, broken gzip and endless commands are turned down', async () => {
  const odd = Buffer.concat([Buffer.from(`0080${none} ${id} refs/heads/`), Buffer.alloc(0x80, 0xff)]);

  expect((await post('git-receive-pack', odd)).status).toBe(400);
  expect((await post('git-receive-pack', Buffer.from('no gzip'), { 'content-encoding': 'gzip' })).status).toBe(400);
  const many = Array.from({ length: 4001 }, (_, at) => line(`${none} ${id} refs/heads/x${at}`)).join('');
  expect(await (await post('git-receive-pack', Buffer.from(`${many}0000`))).text()).toContain('4000');
  const shallows = line(`shallow ${id}`).repeat(60_000);
  expect(await (await post('git-receive-pack', Buffer.from(shallows))).text()).toContain('longer than');
});

test('a gzip bomb is broken off early and leaves memory as it was', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, '0'));
  const before = process.memoryUsage().rss;

  const answers = await Promise.allSettled([
    post('git-receive-pack', bomb, { 'content-encoding': 'gzip' }),
    post('git-upload-pack', bomb, { 'content-encoding': 'gzip' }).then((answer) => answer.text()),
  ]);

  expect(answers).toHaveLength(2);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  expect((await post('git-receive-pack', Buffer.from('0000'))).status).toBe(200);
});

test('what is not smart HTTP is not served', async () => {
  const { username, password, host } = new URL(cloud.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const get = async (path: string) =>
    (await fetch(`http://${host}/v1/repos/${path}`, { headers: { authorization } })).status;

  expect(await get('orders/HEAD')).toBe(404);
  expect(await get('orders/objects/info/packs')).toBe(404);
  expect(await get('orders/info/refs')).toBe(400);
  expect(await get('orders/info/refs?service=git-shell')).toBe(400);
  expect(await get('orders/git-upload-pack')).toBe(405);
  expect(await get('..%2forders/info/refs?service=git-upload-pack')).toBe(404);
});

test('git ends when its client goes away within a push, and nothing is told', async () => {
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');
  const { username, password, host, port } = new URL(cloud.url);
  const head = line(`${none} ${id} refs/heads/x\0report-status side-band-64k`);
  const running = () => execFileSync('ps', ['-eo', 'args']).toString().split('\n').filter(isOurs);
  const isOurs = (args: string) => args.includes('receive-pack') && args.includes(cloud.world.directory);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /v1/repos/orders/git-receive-pack HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100000\r\n` +
      `authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\r\n\r\n${head}0000PACK`,
  );
  await expect.poll(running).toHaveLength(1);

  socket.destroy();

  await expect.poll(running).toEqual([]);
  expect(await cloud.told()).toHaveLength(1);
});

const command = fc
  .tuple(fc.constantFrom(none, id), fc.constantFrom(none, id), fc.stringMatching(/^[a-z]{1,20}$/))
  .map(([before, after, name]) => ({ before, after, ref: `refs/heads/${name}` }));

/** Hands bytes over in pieces of one size each, and answers the last answer. */
function inPieces<Answer>(
  bytes: Buffer,
  size: number,
  take: (chunk: Buffer) => Answer | undefined,
): Answer | undefined {
  let answer: Answer | undefined;
  for (let at = 0; at < bytes.length && answer === undefined; at += size) answer = take(bytes.subarray(at, at + size));
  return answer;
}

test('the commands of a push are the same in whatever pieces they come', () => {
  const commands = fc.uniqueArray(command, { minLength: 1, maxLength: 20, selector: ({ ref }) => ref });
  fc.assert(
    fc.property(commands, fc.integer({ min: 1, max: 300 }), (wanted, size) => {
      const lines = wanted.map(({ before, after, ref }, at) =>
        line(`${before} ${after} ${ref}${at === 0 ? '\0report-status atomic' : ''}\n`),
      );
      const reader = new PushHeadReader();
      const read = inPieces(Buffer.from(`${lines.join('')}0000PACK`), size, (chunk) => reader.take(chunk));
      expect(read).toEqual({ commands: wanted, capabilities: ['report-status', 'atomic'] });
    }),
  );
});

test('no bytes at all make the reader of a push fail in another way than by saying so', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string().map((each) => Buffer.from(line(each))),
  );
  fc.assert(
    fc.property(fc.array(text), (parts) => {
      try {
        new PushHeadReader().take(Buffer.concat(parts.map((part) => Buffer.from(part))));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test('a report is read the same with and without side bands, in whatever pieces, and garbage is let pass', () => {
  const refs = fc.uniqueArray(
    command.map(({ ref }) => ref),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(refs, fc.boolean(), fc.integer({ min: 1, max: 60 }), (accepted, sideBand, size) => {
      const plain = `${line('unpack ok\n')}${accepted.map((ref) => line(`ok ${ref}\n`)).join('')}${line('ng refs/heads/no why\n')}0000`;
      const bands = plain.match(/[\s\S]{1,37}/g)?.map((part) => line(`\x01${part}`)) ?? [];
      const bytes = Buffer.from(sideBand ? `${line('\x02progress')}${bands.join('')}0000` : plain);
      const told: ReadonlySet<string>[] = [];
      const report = new PushReport(sideBand ? ['side-band-64k'] : [], (refsOk) => void told.push(refsOk));
      inPieces(bytes, size, (chunk) => report.take(chunk));
      expect(told).toEqual([new Set(accepted)]);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const report = new PushReport(['side-band-64k'], () => undefined);
      for (const chunk of chunks) report.take(Buffer.from(chunk));
    }),
  );
});
