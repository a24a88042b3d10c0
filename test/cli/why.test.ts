import { expect, test } from 'vitest';
import type { ExecutionFact, HeadFacts } from '../../cli/why/facts.ts';
import { why } from '../../cli/why/sentences.ts';

const head = 'b0bacafe11223344556677889900aabbccddeeff';
const older = 'd00d1e0011223344556677889900aabbccddeeff';
const startedAt = '2026-11-20T10:00:00.000Z';
const execution = (status: string, commitId = head, executionId = 'e1'): ExecutionFact => ({
  executionId,
  commitId,
  status,
  startedAt,
});

const facts: HeadFacts = {
  environment: 'prod',
  pipeline: 'orders-prod',
  repository: 'orders',
  branch: 'prod',
  head,
  executions: [],
  stages: [],
  decision: null,
  announcedAt: null,
  alarms: [],
};
const pointing = `branch prod of orders points at ${head}, which`;

test.each<readonly [string, Partial<HeadFacts>, boolean, readonly string[]]>([
  [
    'it went through',
    { executions: [execution('Succeeded')] },
    true,
    [`${pointing} prod runs since execution e1 of ${startedAt}`],
  ],
  [
    'an older commit went out after it',
    { executions: [execution('Succeeded', older, 'e2'), execution('Succeeded')] },
    false,
    [`${pointing} ran in execution e1`, `execution e2 of ${startedAt} came after it`],
  ],
  [
    'a later execution failed and changed nothing',
    { executions: [execution('Failed', older, 'e2'), execution('Succeeded')] },
    true,
    [`${pointing} prod runs since execution e1 of ${startedAt}`],
  ],
  [
    'somebody stopped it',
    { executions: [execution('Stopped')] },
    false,
    [
      `${pointing} somebody stopped (execution e1)`,
      'the next merge starts the pipeline; to run the branch as it is: aws codepipeline start-pipeline-execution --name orders-prod',
    ],
  ],
  [
    'a newer one took over',
    { executions: [execution('Superseded')] },
    false,
    [`${pointing} a newer execution took over before it went on (execution e1)`],
  ],
  [
    'nobody announced it, and an alarm is on',
    { alarms: ['mergecast-announce-undelivered in the DevOps account'] },
    false,
    [
      `${pointing} nobody has announced yet`,
      'the starter of prod looks at the branch every five minutes; when that passes and nothing happens, its alarms tell why',
      'alarm mergecast-announce-undelivered in the DevOps account is on',
    ],
  ],
  [
    'it was announced and nobody decided',
    { announcedAt: startedAt },
    false,
    [
      `${pointing} was announced at ${startedAt}, and prod has decided nothing about it`,
      'it may lie in a dead-letter queue on the way; the starter of prod looks at the branch every five minutes and finds it then',
    ],
  ],
])('why, when %s', (_, given, runs, sentences) => {
  expect(why({ ...facts, ...given })).toEqual({ runs, sentences });
});
