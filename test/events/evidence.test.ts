import { expect, test } from 'vitest';
import { evidencePattern, finishedIn } from '../../events/evidence.ts';
import state from '../../events/examples/pipeline-execution-started.json' with { type: 'json' };
import decided from '../../events/examples/start-decided.json' with { type: 'json' };

const staging = { environment: 'staging', account: '333333333333', pipeline: 'orders-staging' };
const { commitId, executionId } = decided.detail;

const started = (change: object = {}, envelope: object = {}) =>
  JSON.stringify({ ...decided, ...envelope, detail: { ...decided.detail, ...change } });
const changed = (change: object = {}, envelope: object = {}) =>
  JSON.stringify({
    ...state,
    account: staging.account,
    ...envelope,
    detail: {
      ...state.detail,
      pipeline: staging.pipeline,
      'execution-id': executionId,
      state: 'SUCCEEDED',
      ...change,
    },
  });

test('a commit is finished when the execution that its starter pinned to it went well, in whatever order that is told', () => {
  expect(finishedIn([started(), changed()], staging)).toEqual([{ commitId, executionId }]);
  expect(finishedIn([changed(), 'no record', started({ outcome: 'unannounced' })], staging)).toHaveLength(1);
});

test('a retried execution counts for its own commit', () => {
  expect(finishedIn([started(), changed({ state: 'FAILED' }), changed()], staging)).toHaveLength(1);
});

const stage = { 'detail-type': 'CodePipeline Stage Execution State Change' };
const other = '0f1e2d3c-4b5a-4968-8776-655443322110';

test.each([
  ['it runs still', [started()]],
  ['it failed', [started(), changed({ state: 'FAILED' })]],
  ['only a stage of it went well', [started(), changed({ stage: 'Build' }, stage)]],
  ['another execution went well, such as a rollback', [started(), changed({ 'execution-id': other })]],
  ['no starter pinned it', [changed()]],
  ['its starter only told what the head is', [started({ outcome: 'already-started' }), changed()]],
  ['its merge was held', [started({ outcome: 'held' }), changed()]],
  ['another account told of its start', [started({}, { account: '222222222222' }), changed()]],
  ['another account told of its end', [started(), changed({}, { account: '222222222222' })]],
  ['another pipeline finished it', [started({ pipeline: 'web-staging' }), changed({ pipeline: 'web-staging' })]],
  ['another environment of the account started it', [started({ environment: 'dev' }), changed()]],
])('nothing is finished when %s', (_, lines) => {
  expect(finishedIn(lines, staging)).toEqual([]);
});

test('the trail is asked for one pipeline of one account', () => {
  expect(evidencePattern(staging)).toContain('$.account = "333333333333" && $.detail.pipeline = "orders-staging"');
});
