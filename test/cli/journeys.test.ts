import { beforeEach, expect, test } from 'vitest';
import { Journeys } from '../../cli/journeys.ts';
import announced from '../../events/examples/branch-merged.json' with { type: 'json' };
import merged from '../../events/examples/codecommit-reference-updated.json' with { type: 'json' };
import failed from '../../events/examples/pipeline-action-failed.json' with { type: 'json' };
import execution from '../../events/examples/pipeline-execution-started.json' with { type: 'json' };

let journeys: Journeys;
beforeEach(() => {
  journeys = new Journeys(
    (bus) => (bus === 'mergecast-dev' ? 'dev' : undefined),
    (account) => (account === '222222222222' ? 'dev' : undefined),
  );
});

const onBus = (bus: string, event: Readonly<Record<string, unknown>>) =>
  journeys.arrived({ bus, account: '111111111111', at: 1000, event });

/** The commit of CodeCommit's example, announced. */
const announcement = {
  ...announced,
  detail: {
    ...announced.detail,
    repository: merged.detail.repositoryName,
    branch: merged.detail.referenceName,
    commitId: merged.detail.commitId,
  },
};

test('a merge, its announcement and its arrival at an environment are steps of one journey', () => {
  onBus('default', merged);
  onBus('mergecast', announcement);
  const step = onBus('mergecast-dev', announcement);

  expect(step).toMatchObject({ word: 'forward', environment: 'dev', text: 'reached the bus mergecast-dev' });
  expect(journeys.all).toMatchObject([{ eventId: merged.id, announcedAt: 1000 }]);
  expect([...(journeys.all[0]?.environments.keys() ?? [])]).toEqual(['dev']);
});

test('a tag is told as what starts nothing, and is no journey', () => {
  const step = onBus('default', {
    ...merged,
    detail: { ...merged.detail, referenceType: 'tag', referenceName: 'prod' },
  });

  expect(step?.text).toBe(`${merged.detail.repositoryName} tag prod: tags start nothing`);
  expect(journeys.all).toEqual([]);
});

test('a failed action is told with the reason its provider gave', () => {
  expect(onBus('mergecast', failed)).toMatchObject({
    word: 'run',
    outcome: 'bad',
    environment: 'dev',
    text: 'orders-dev Deploy/DeployStack failed: Deployment d-1A2B3C failed',
  });
});

test('an approval that waits is told with the command that answers it', () => {
  const detail = {
    ...failed.detail,
    state: 'STARTED',
    stage: 'Approve',
    action: 'Approve',
    type: { category: 'Approval' },
  };

  expect(onBus('mergecast', { ...failed, detail })?.text).toBe(
    'orders-dev Approve/Approve waits: npx mergecast approve dev',
  );
});

test('an execution that no merge is known for is still shown', () => {
  expect(onBus('mergecast', execution)).toMatchObject({ word: 'run', text: 'orders-dev started' });
});

test('a tag and a deleted branch begin no journey', () => {
  onBus('default', { ...merged, detail: { ...merged.detail, referenceType: 'tag' } });
  onBus('default', { ...merged, detail: { ...merged.detail, event: 'referenceDeleted' } });

  expect(journeys.all).toEqual([]);
});
