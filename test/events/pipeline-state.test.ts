import { expect, test } from 'vitest';
import action from '../../events/examples/pipeline-action-failed.json' with { type: 'json' };
import execution from '../../events/examples/pipeline-execution-started.json' with { type: 'json' };
import stage from '../../events/examples/pipeline-stage-started.json' with { type: 'json' };
import {
  actionPattern,
  executionAndStagePattern,
  failedExecutionPattern,
  parsePipelineState,
} from '../../events/pipeline-state.ts';

test('the start of an execution says who started it', () => {
  expect(parsePipelineState(execution)).toMatchObject({
    pipeline: 'orders-dev',
    executionId: '0f1e2d3c-4b5a-4968-8776-655443322110',
    stage: null,
    action: null,
    state: 'STARTED',
    attempt: 1,
    trigger: { type: 'StartPipelineExecution', detail: expect.stringContaining('mergecast-dev-starter') as string },
  });
});

test('stages and actions are told apart', () => {
  expect(parsePipelineState(stage)).toMatchObject({ stage: 'Deploy', action: null, state: 'STARTED' });
  expect(parsePipelineState(action)).toMatchObject({ stage: 'Deploy', action: 'DeployStack', category: 'Deploy' });
});

test.each([
  [{ state: 'BORED' }, "detail.state 'BORED' is not 'STARTED' or"],
  [{ 'execution-id': 7 }, "detail.execution-id '7' is not a string"],
  [{ pipeline: 'a/b' }, "detail.pipeline 'a/b' is not 1 to 100"],
])('a malformed state change is refused: %j', (change, says) => {
  expect(() => parsePipelineState({ ...stage, detail: { ...stage.detail, ...change } })).toThrow(
    `EventMalformed: ${says}`,
  );
});

test('patterns take the own pipelines only, and no Source action, whose events carry commit messages', () => {
  const own = { account: '222222222222', pipelines: ['orders-dev'] };

  expect(executionAndStagePattern(own)).toEqual({
    source: ['aws.codepipeline'],
    account: ['222222222222'],
    'detail-type': ['CodePipeline Pipeline Execution State Change', 'CodePipeline Stage Execution State Change'],
    detail: { pipeline: ['orders-dev'] },
  });
  expect(actionPattern(own).detail).toEqual({
    pipeline: ['orders-dev'],
    type: { category: [{ 'anything-but': 'Source' }] },
  });
  expect(failedExecutionPattern(own).detail).toEqual({ pipeline: ['orders-dev'], state: ['FAILED'] });
});
