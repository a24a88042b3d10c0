import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('in one account a commit to main is built, tested and deployed server by server, and goes back when one does not take it', async () => {
  const files = join(import.meta.dirname, '..', '..', 'examples', 'single-account', 'repository');
  const flow = await playing({ example: 'single-account', repository: 'shop', files });
  const servers = flow.cloud.journal.entries.flatMap(
    ({ text }) => /instance \S+ is the directory ([^;,]*)/.exec(text)?.[1] ?? [],
  );
  const pages = () => servers.map((server) => readFileSync(join(server, 'var/www/shop/index.html'), 'utf8'));

  const first = await flow.merge('main');

  expect((await flow.arrived('live', first)).status).toBe('Succeeded');
  expect(servers).toHaveLength(3);
  for (const page of pages()) expect(page).toContain(`This is commit ${first}`);

  writeFileSync(join(servers[1] ?? '', 'etc', 'frozen'), first);
  const second = await flow.merge('main');

  expect((await flow.arrived('live', second)).status).toBe('Failed');
  expect(await flow.stages('live')).toMatchObject({ Build: 'Succeeded', Test: 'Succeeded', Deploy: 'Failed' });
  await flow.cloud.settled();
  for (const page of pages()) expect(page).toContain(`This is commit ${first}`);
});
