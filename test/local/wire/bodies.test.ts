import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BodyRoom } from '../../../local/wire/body-room.ts';
import { bareWorld, type ClientSettings } from '../bare-world.ts';

let open: Awaited<ReturnType<typeof bareWorld>>;
let settings: ClientSettings;
beforeAll(async () => {
  open = await bareWorld();
  settings = open.client('222222222222');
});
afterAll(() => open.close());

/** Declares a body of so many bytes, sends none of it, and takes what is answered. */
function declared(service: string, bytes: number): Promise<{ status: number; text: string }> {
  const credential = `${settings.credentials.accessKeyId}/20261124/${settings.region}/${service}/aws4_request`;
  return new Promise((resolve, reject) => {
    const sent = request(settings.endpoint, {
      method: 'PUT',
      headers: {
        'content-length': bytes,
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      },
    });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => (resolve({ status: response.statusCode ?? 0, text }), sent.destroy()));
    });
    sent.flushHeaders();
  });
}

test.each([
  ['s3', 600, 400, '<Code>EntityTooLarge</Code>'],
  ['codecommit', 100, 413, '"RequestEntityTooLargeException"'],
  ['cloudformation', 100, 413, '<Code>RequestEntityTooLargeException</Code>'],
])('a body that is too long for %s is refused before any of it is sent', async (service, mebibytes, status, code) => {
  const answer = await declared(service, mebibytes * 1024 * 1024);

  expect(answer).toEqual({ status, text: expect.stringContaining(code) as string });
});

test('a client that goes away while it sends leaves no fault behind', async () => {
  await new Promise<void>((resolve) => {
    const sent = request(settings.endpoint, { method: 'PUT', headers: { 'content-length': 1000 } });
    sent.on('error', () => resolve()).on('close', () => resolve());
    sent.write('half', () => sent.destroy());
  });
  await declared('codecommit', 100 * 1024 * 1024);

  expect(open.world.journal.entries.filter(({ kind }) => kind === 'fault')).toEqual([]);
});

test('bodies together never take more than their room, and enter in the order in which they came', async () => {
  const body = fc.record({ bytes: fc.integer({ min: 0, max: 10 }), stays: fc.integer({ min: 0, max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(body, { maxLength: 20 }), async (bodies) => {
      const room = new BodyRoom(10);
      const entered: number[] = [];
      let [inside, most] = [0, 0];
      await Promise.all(
        bodies.map(async ({ bytes, stays }, index) => {
          const leave = await room.enter(bytes);
          entered.push(index);
          most = Math.max(most, (inside += bytes));
          for (let turn = 0; turn < stays; turn += 1) await Promise.resolve();
          inside -= bytes;
          leave();
          leave();
        }),
      );

      expect(most).toBeLessThanOrEqual(10);
      expect(entered).toEqual(bodies.map((_, index) => index));
    }),
    { numRuns: 200 },
  );
});
