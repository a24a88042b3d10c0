import { ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { expect, inject, test, vi } from 'vitest';
import { answer } from '../../cli/commands/answer.ts';
import { hold } from '../../cli/commands/hold.ts';
import { logs } from '../../cli/commands/logs.ts';
import { plan } from '../../cli/commands/plan.ts';
import { release } from '../../cli/commands/release.ts';
import { retry } from '../../cli/commands/retry.ts';
import { rollback } from '../../cli/commands/rollback.ts';
import { stop } from '../../cli/commands/stop.ts';
import { playing } from '../journeys/playing.ts';
import { useProfiles } from './use-profiles.ts';

/** What a verb prints, as lines, and its exit code. */
async function said(verb: () => Promise<number>): Promise<{ code: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    return { code: await verb(), lines };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

const json = (lines: readonly string[]): unknown => JSON.parse(lines.join('\n'));

test('the verbs that act say so as JSON; a stage goes back to what an earlier execution left; logs -f ends with the execution', async () => {
  const flow = await playing();
  useProfiles(flow);
  const summary = 'by the test';
  const first = await flow.arrived('dev', await flow.merge('dev'));

  expect(await said(() => rollback('dev', 'orders-dev', { json: true }))).toEqual({ code: 1, lines: [] });
  const failing = flow.merge(
    'dev',
    'buildspec.yml',
    'version: 0.2\nphases:\n  build:\n    commands: [echo oh, exit 4]',
  );
  const broken = await flow.arrived('dev', await failing);
  const followed = await said(() => logs('dev', { follow: true, json: true }));
  expect(followed.code).toBe(1);
  expect(followed.lines.map((line) => (JSON.parse(line) as { message: string }).message)).toContain('oh');
  expect((await said(() => logs('dev', {}))).code).toBe(1);

  const rolled = await said(() => rollback('dev', undefined, { stage: 'Build', json: true }));
  expect(rolled.code).toBe(0);
  expect(json(rolled.lines)).toMatchObject({ pipeline: 'orders-dev', stage: 'Build', target: first.id });
  const { executionId } = json(rolled.lines) as { executionId: string };
  expect((await said(() => logs('dev', { follow: true }))).code).toBe(0);
  const { pipelineExecutionSummaries = [] } = await flow
    .codepipeline('dev')
    .send(new ListPipelineExecutionsCommand({ pipelineName: 'orders-dev', maxResults: 1 }));
  expect(pipelineExecutionSummaries).toMatchObject([
    { pipelineExecutionId: executionId, executionType: 'ROLLBACK', status: 'Succeeded' },
  ]);
  await expect(rollback('dev', undefined, { stage: 'Deploi' })).rejects.toThrow(
    "StageMissing: pipeline 'orders-dev' has no stage 'Deploi', only Source, Build, Deploy",
  );
  expect(broken.status).toBe('Failed');

  expect(await said(() => retry('dev', { json: true }))).toEqual({ code: 1, lines: ['[]'] });
  await flow.git('checkout', '--quiet', 'main');
  await flow.git('checkout', '--quiet', '-b', 'prod');
  await flow.merge('prod');
  await flow.approvalWaits();
  const approved = await said(() => answer('Rejected', 'prod', { summary, json: true }));
  expect(approved.code).toBe(0);
  expect(json(approved.lines)).toEqual([
    { pipeline: 'orders-prod', stage: 'Approve', action: 'Approve', status: 'Rejected' },
  ]);
  expect(await said(() => stop('staging', { reason: summary, json: true }))).toEqual({ code: 1, lines: ['[]'] });
  for (const act of [
    () => stop(undefined, { reason: summary }),
    () => hold(undefined, undefined, { reason: summary }),
    () => release(undefined, undefined, {}),
  ])
    await expect(act()).rejects.toThrow(/^EnvironmentMissing: no environment is named: dev/);
  await expect(stop('dev', { reason: summary, pipeline: 'order' })).rejects.toThrow(
    "PipelineUnknown: environment 'dev' has no pipeline 'order', but orders-dev",
  );
  expect((await said(() => retry('dev', { json: true, pipeline: 'orders' }))).lines).toEqual(['[]']);

  expect(await said(() => release('dev', undefined, { json: true }))).toEqual({ code: 1, lines: ['[]'] });
  await expect(hold('dev', undefined, {})).rejects.toThrow('ReasonInvalid');
  const held = await said(() => hold('dev', undefined, { reason: ' the database moves ', json: true }));
  expect(held.code).toBe(0);
  expect(json(held.lines)).toEqual([{ pipeline: 'orders-dev', until: null, reason: 'the database moves' }]);
  const ended = await said(() => release('dev', 'orders', { json: true }));
  expect(ended.code).toBe(0);
  expect(json(ended.lines)).toEqual([{ pipeline: 'orders-dev', outcome: 'hold-ended' }]);

  const commit = 'c'.repeat(40);
  expect(await said(() => release('dev', undefined, { confirm: true, json: true }))).toEqual({
    code: 1,
    lines: ['[]'],
  });
  const asked = await said(() => release('dev', undefined, { commit, reason: 'urgent\u001b[31m', json: true }));
  expect(json(asked.lines)).toMatchObject([{ pipeline: 'orders-dev', outcome: 'asked-for', commit }]);
  await expect(release('dev', undefined, { confirm: true })).rejects.toThrow(
    `--commit is missing; asked for: ${commit} (urgent\\u{1b}[31m)`,
  );
  const own = await said(() => release('dev', undefined, { commit, confirm: true, json: true }));
  expect(own.code).toBe(1);
  expect(json(own.lines)).toMatchObject([
    { pipeline: 'orders-dev', outcome: 'not-released', commit, missing: expect.any(String) as string },
  ]);

  const planned = await said(() => plan({ assembly: inject('assembly'), json: true }));
  const { stacks } = json(planned.lines) as { stacks: { basis: string; changes: readonly unknown[] }[] };
  expect(stacks.map(({ basis, changes }) => [basis, changes])).toEqual(stacks.map(() => ['deployed', []]));
});
