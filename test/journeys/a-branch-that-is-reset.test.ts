import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('a branch that is reset to an older commit starts again', async () => {
  const flow = await playing();
  const older = await flow.merge('dev');
  await flow.arrived('dev', older);
  const newer = await flow.merge('dev');
  await flow.arrived('dev', newer);

  await flow.git('push', '--quiet', '--force', 'origin', `${older}:refs/heads/dev`);

  const seen = await flow.until(
    'dev',
    (all) => all.length === 3 && all.every(({ status }) => status === 'Succeeded'),
    'a third execution',
  );
  expect(seen.map(({ commitId }) => commitId)).toEqual([older, newer, older]);
});
