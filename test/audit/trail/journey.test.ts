import { expect, test } from 'vitest';
import { journeysOf } from '../../../audit/trail/journey.ts';
import { readLines, type TrailLine } from '../../../audit/trail/record.ts';
import announced from '../../../events/examples/branch-merged.json' with { type: 'json' };
import failed from '../../../events/examples/pipeline-action-failed.json' with { type: 'json' };
import execution from '../../../events/examples/pipeline-execution-started.json' with { type: 'json' };
import decided from '../../../events/examples/start-decided.json' with { type: 'json' };

let next = 0;
const id = () => `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}`;
const executionId = execution.detail['execution-id'];

/** A line with an event of its own id, so many milliseconds after the merge. */
const line = (event: object, timestamp: number): TrailLine => ({
  message: JSON.stringify({ ...event, id: id() }),
  timestamp,
});

const announcement = line(announced, 100);
const decision = (change: object, timestamp = 200) =>
  line(
    {
      ...decided,
      detail: {
        ...decided.detail,
        repository: announced.detail.repository,
        branch: announced.detail.branch,
        commitId: announced.detail.commitId,
        announced: null,
        outcome: 'started',
        executionId,
        ...change,
      },
    },
    timestamp,
  );

const state = (change: object, timestamp: number) =>
  line(
    {
      ...execution,
      account: decided.account,
      'detail-type': 'stage' in change ? 'CodePipeline Stage Execution State Change' : execution['detail-type'],
      detail: { ...execution.detail, ...change },
    },
    timestamp,
  );

const action = line(
  { ...failed, account: decided.account, detail: { ...failed.detail, 'execution-id': executionId } },
  450,
);

const journeys = (...lines: readonly TrailLine[]) => journeysOf(readLines(lines).records);

test('announcement, decision and state changes of a commit are one journey, in whatever order they came', () => {
  const lines = [
    state({ state: 'FAILED' }, 500),
    action,
    announcement,
    state({ state: 'STARTED' }, 250),
    decision({}),
    state({ state: 'FAILED', stage: 'Deploy' }, 460),
    state({ state: 'STARTED', stage: 'Deploy' }, 300),
  ];

  const [journey, ...others] = journeys(...lines);

  expect(others).toEqual([]);
  expect(journey).toMatchObject({ commitId: announced.detail.commitId, gaps: [] });
  expect(journey?.environments).toMatchObject([
    {
      environment: decided.detail.environment,
      account: decided.account,
      decisions: [{ decision: { outcome: 'started' }, recordedAt: 200 }],
      executions: [
        {
          executionId,
          state: 'FAILED',
          startedAt: 250,
          endedAt: 500,
          stages: [
            {
              name: 'Deploy',
              state: 'FAILED',
              startedAt: 300,
              endedAt: 460,
              actions: [{ name: 'DeployStack', summary: 'Deployment d-1A2B3C failed' }],
            },
          ],
        },
      ],
    },
  ]);
});

test('a record that was delivered twice counts once', () => {
  expect(journeys(announcement, announcement, decision({}))[0]?.announcements).toHaveLength(1);
});

test('what is missing is said', () => {
  expect(journeys(announcement)[0]?.gaps).toEqual([expect.stringContaining('no environment has decided')]);
  expect(journeys(decision({}))[0]?.gaps).toEqual([
    expect.stringContaining('no announcement is on the trail'),
    expect.stringContaining(`no state change of execution ${executionId}`),
  ]);
  expect(journeys(announcement, decision({}), state({ state: 'STARTED' }, 250))[0]?.gaps).toEqual([
    expect.stringContaining('has not ended'),
  ]);
});

test('a merge that a newer head overtook has its own journey, with that reason', () => {
  const newer = 'f'.repeat(40);
  const found = journeys(
    announcement,
    decision({
      outcome: 'superseded-by',
      commitId: newer,
      executionId: null,
      announced: {
        mergeId: announced.detail.mergeId,
        commitId: announced.detail.commitId,
        traceparent: announced.detail.traceparent,
      },
    }),
  );

  expect(found.map(({ commitId }) => commitId)).toEqual([announced.detail.commitId]);
  expect(found[0]?.environments[0]?.decisions[0]?.decision.commitId).toBe(newer);
});

test('state changes that another account reports about an execution are not believed', () => {
  const forged = line({ ...execution, account: '999999999999' }, 250);

  expect(journeys(announcement, decision({}), forged)[0]?.environments[0]?.executions).toEqual([]);
});

test.each([
  ['no JSON', '{"id":'],
  ['a list', '[1]'],
  ['an event of somebody else', JSON.stringify({ ...announced, 'detail-type': 'Something' })],
  ['a message with a field missing', JSON.stringify({ ...announced, detail: {} })],
])('a line that is %s is told apart and loses no other', (_what, message) => {
  const { records, unreadable } = readLines([{ message, timestamp: 1 }, announcement]);

  expect(records).toHaveLength(1);
  expect(unreadable).toMatchObject([{ message, reason: expect.stringMatching(/^EventMalformed: /) as string }]);
});
