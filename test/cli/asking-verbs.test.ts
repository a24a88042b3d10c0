import { readFileSync, writeFileSync } from 'node:fs';
import { DisableStageTransitionCommand } from '@aws-sdk/client-codepipeline';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, inject, test, vi } from 'vitest';
import { hold } from '../../cli/commands/hold.ts';
import { tail } from '../../cli/commands/tail.ts';
import { trace } from '../../cli/commands/trace.ts';
import { whatIfVerb } from '../../cli/commands/what-if.ts';
import { where } from '../../cli/commands/where.ts';
import { whyVerb } from '../../cli/commands/why.ts';
import { type Playing, playing } from '../journeys/playing.ts';
import { useProfiles } from './use-profiles.ts';

const auditorArn = 'arn:aws:iam::111111111111:role/mergecast/mergecast-auditor';

interface Answer {
  readonly code: number;
  readonly runs: boolean;
  readonly sentences: readonly string[];
}

async function quiet<Result>(verb: () => Promise<Result>): Promise<{ result: Result; text: string }> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    return { result: await verb(), text: lines.join('\n') };
  } finally {
    log.mockRestore();
  }
}

async function asked(environment: string): Promise<Answer> {
  const { result: code, text } = await quiet(() => whyVerb(environment, { json: true }));
  const [found] = JSON.parse(text) as [Omit<Answer, 'code'>];
  return { code, runs: found.runs, sentences: found.sentences };
}

test('why says whether the newest commit runs, and what keeps it from that; what-if finds nothing otherwise with the same templates; an auditor may ask', async () => {
  const flow = await playing();
  const { credentials } = useProfiles(flow);

  expect(await asked('staging')).toMatchObject({
    code: 1,
    sentences: ['repository orders has no branch staging, so there is nothing to run: push one'],
  });

  const good = await flow.merge('dev');
  const { id } = await flow.arrived('dev', good);
  expect(await asked('dev')).toMatchObject({ code: 0, runs: true });
  expect((await asked('dev')).sentences[0]).toContain(
    `branch dev of orders points at ${good}, which dev runs since execution ${id} of `,
  );

  await flow.merge('prod');
  await flow.approvalWaits();
  expect((await asked('prod')).sentences).toContain(
    'Approve/Approve waits for somebody: npx mergecast approve prod --pipeline orders-prod',
  );
  const next = await flow.merge('prod');
  await expect
    .poll(async () => (await asked('prod')).sentences, { timeout: 20_000 })
    .toEqual([
      `branch prod of orders points at ${next}, which is on its way`,
      'stage Approve is taken by an earlier execution, and it goes on when that one leaves',
      'there Approve/Approve waits for somebody: npx mergecast approve prod --pipeline orders-prod',
    ]);
  await flow.answer('Rejected');
  await flow.approvalWaits();
  await flow.codepipeline('prod').send(
    new DisableStageTransitionCommand({
      pipelineName: 'orders-prod',
      stageName: 'Deploy',
      transitionType: 'Inbound',
      reason: 'the database moves',
    }),
  );
  await flow.answer('Approved');
  await expect
    .poll(async () => (await asked('prod')).sentences.join('\n'), { timeout: 20_000 })
    .toMatch(/the way into stage Deploy is closed by \S+user\/administrator: the database moves/);

  const bad = await flow.merge('dev', 'buildspec.yml', 'version: 0.2\nphases: { build: { commands: [exit 4] } }');
  await flow.arrived('dev', bad);
  const failed = await asked('dev');
  expect(failed).toMatchObject({ code: 1, runs: false });
  expect(failed.sentences[0]).toBe(`branch dev of orders points at ${bad}, which failed on its way`);
  expect(failed.sentences[1]).toMatch(/^Build\/Build failed: .*exit/);
  expect(failed.sentences[2]).toContain('npx mergecast retry dev --pipeline orders-dev');

  await quiet(() => hold('dev', undefined, { reason: 'we move' }));
  const held = await flow.merge('dev', 'NOTES.md', 'held');
  await expect
    .poll(async () => (await asked('dev')).sentences[0], { timeout: 20_000 })
    .toMatch(new RegExp(`points at ${held}, which is held: .*we move`));

  const past = await quiet(() => whatIfVerb({ since: '1h', against: inject('assembly') }));
  expect(past).toEqual({
    result: 0,
    text: `5 merges in the last 1h; with ${inject('assembly')}, each would start what it started`,
  });

  await becomeAuditor(flow, credentials);
  for (const ask of [
    () => trace(good, { since: '1h', json: true }),
    () => where(good, { since: '1h', json: true }),
    () => tail({ since: '1h', follow: false, json: true }),
    () => whatIfVerb({ since: '1h', against: inject('assembly') }),
  ])
    expect(await quiet(ask)).toMatchObject({ result: 0 });
  await expect(quiet(() => whyVerb('dev', {}))).resolves.toMatchObject({ result: 1 });
});

/** From now on the profile `devops` is a session of the auditor's role. */
async function becomeAuditor(flow: Playing, file: string): Promise<void> {
  const { Credentials: keys } = await new STSClient(flow.settings('devops')).send(
    new AssumeRoleCommand({ RoleArn: auditorArn, RoleSessionName: 'auditor' }),
  );
  const [before = '', after = ''] = readFileSync(file, 'utf8').split(/^\[devops\]\n.*\n.*$/m);
  const own = [
    '[devops]',
    `aws_access_key_id = ${keys?.AccessKeyId}`,
    `aws_secret_access_key = ${keys?.SecretAccessKey}`,
    `aws_session_token = ${keys?.SessionToken}`,
  ];
  // In a file of its own: clients read a file once.
  writeFileSync(`${file}-auditor`, `${before}${own.join('\n')}${after}`);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', `${file}-auditor`);
}
