import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { Playing, playing } from './playing.ts';

test('of two services in one repository a merge starts the one that it changes, and tells its own people', async () => {
  const files = join(import.meta.dirname, '..', '..', 'examples', 'monorepo', 'repository');
  const web = await playing({ example: 'monorepo', repository: 'shop', service: 'shop-web', files });
  const api = new Playing(web.cloud, web.clone, 'shop', 'shop-api');
  const mails = () => web.cloud.journal.entries.map(({ text }) => text).filter((text) => text.startsWith('mail to '));

  const first = await web.merge('main');
  for (const service of [web, api]) expect((await service.arrived('prod', first)).status).toBe('Succeeded');
  const second = await web.merge('main', 'web/page.html');

  expect((await web.arrived('prod', second)).status).toBe('Succeeded');
  expect(await web.logGroups('prod')).toEqual(
    expect.arrayContaining(['/aws/lambda/shop-web-prod', '/aws/lambda/shop-api-prod']),
  );
  await eventually('the other decision', async () =>
    (await web.decisions('prod')).find(
      (each) => each['pipeline'] === 'shop-api-prod' && each['outcome'] === 'not-concerned',
    ),
  );
  expect((await api.executions('prod')).map(({ commitId }) => commitId)).toEqual([first]);
  // Each pipeline's run at its creation, before there is a branch, failed: that is told to both.
  const told = (address: string, ending: string) =>
    mails().filter((text) => text.startsWith(`mail to ${address}@`) && text.includes(` ${ending} at `)).length;
  await eventually('the mails', () => Promise.resolve(told('web', 'SUCCEEDED') === 2 || undefined));
  expect([told('web', 'FAILED'), told('api', 'FAILED'), told('api', 'SUCCEEDED')]).toEqual([1, 1, 0]);
});
