import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  ListRuleExecutionsCommand,
  ListRuleTypesCommand,
  OverrideStageConditionCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { describe, expect, test } from 'vitest';
import { approval, jobOf, sharedWorld, source } from './codepipeline-world.ts';

const world = sharedWorld();

const rule = (Provider: string, Configuration: object, more: object = {}) => ({
  Name: 'Check',
  RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider, Version: '1' },
  Configuration,
  ...more,
});

const project = (Name: string, command: string) => ({
  Type: 'AWS::CodeBuild::Project',
  Properties: {
    Name,
    ServiceRole: 'arn:aws:iam::222222222222:role/pipeline',
    Source: {
      Type: 'CODEPIPELINE',
      BuildSpec: JSON.stringify({ version: 0.2, phases: { build: { commands: [command] } } }),
    },
    Artifacts: { Type: 'CODEPIPELINE' },
    Environment: { Type: 'LINUX_CONTAINER', ComputeType: 'BUILD_GENERAL1_SMALL', Image: 'aws/codebuild/standard:7.0' },
  },
});

/** A pipeline whose second stage has these conditions; answers its run at creation. */
async function conditioned(name: string, stage: object, more: object = {}) {
  const flow = world().named(name);
  const outcome = await flow.pipeline(
    [
      { Name: 'Source', Actions: [source()] },
      { Name: 'First', Actions: [approval('Ask')], ...stage },
    ],
    more,
  );
  expect(outcome).toMatchObject({ failed: false });
  const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
  const asked = async () =>
    (await world().client.send(new ListRuleExecutionsCommand({ pipelineName: name }))).ruleExecutionDetails ?? [];
  return { ...flow, id, asked };
}
const before = (checked: object) => ({ BeforeEntry: { Conditions: [{ Result: 'FAIL', Rules: [checked] }] } });

describe('DeploymentWindow', () => {
  /** An hour of the world's day, and the next, so that the test may run into it. */
  const hours = (zoneHours: number, later: number) => {
    const now = world().world.clock.date().getUTCHours() + zoneHours + later + 24;
    return `* * ${now % 24},${(now + 1) % 24} ? * * *`;
  };

  test.each([
    ['an hour that runs', 0, { TimeZone: 'UTC' }, 0, true],
    ['an hour of the night', 12, { TimeZone: 'UTC' }, 0, false],
    ['an hour that runs in Karachi, which is another one in UTC', 0, { TimeZone: 'Asia/Karachi' }, 5, true],
    ['an hour that runs in UTC, and not in Karachi', 0, { TimeZone: 'Asia/Karachi' }, 0, false],
  ])('%s', async (what, later, zone, zoneHours, open) => {
    const name = `window-${what.replace(/\W/g, '')}`;
    const checked = rule('DeploymentWindow', { Cron: hours(zoneHours, later), ...zone });
    const { id, reached, ended, asked } = await conditioned(name, before(checked));

    await (open ? reached(id, 'First') : ended(id));

    expect(await asked()).toMatchObject([{ status: open ? 'Succeeded' : 'Failed', stageName: 'First' }]);
  });

  test('an expression that is none fails the rule and says so', async () => {
    const { id, ended, executions } = await conditioned(
      'window-none',
      before(rule('DeploymentWindow', { Cron: '9-17' })),
    );
    await ended(id);

    expect((await executions())[0]?.statusSummary).toContain("Cron '9-17' is no expression");
  });
});

describe('CloudWatchAlarm', () => {
  const alarm = async (StateValue: 'ALARM' | 'OK') => {
    const cloudwatch = new CloudWatchClient(world().settings);
    const name = { AlarmName: 'errors' };
    const metric = { Namespace: 'test', MetricName: 'Errors', Statistic: 'Sum' as const, Period: 60 };
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        ...name,
        ...metric,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await cloudwatch.send(new SetAlarmStateCommand({ ...name, StateValue, StateReason: 'said the test' }));
    cloudwatch.destroy();
  };

  test.each([
    ['OK', 'ALARM', true],
    ['ALARM', 'ALARM', false],
    ['OK', 'ALARM,OK', false],
  ] as const)('that is %s, watched for %s: holds %s', async (state, states, holds) => {
    await alarm(state);
    const checked = rule('CloudWatchAlarm', { AlarmName: 'errors', AlarmStates: states });
    const name = `alarm-${state}-${states.length}`;
    const { id, reached, ended, asked } = await conditioned(name, before(checked));

    await (holds ? reached(id, 'First') : ended(id));

    expect((await asked())[0]?.status).toBe(holds ? 'Succeeded' : 'Failed');
  });

  test('that does not exist fails the rule', async () => {
    const { id, ended, executions } = await conditioned(
      'alarm-none',
      before(rule('CloudWatchAlarm', { AlarmName: 'nobody' })),
    );
    await ended(id);

    expect((await executions())[0]?.statusSummary).toContain("there is no alarm 'nobody'");
  });
});

describe('LambdaInvoke', () => {
  test.each([
    ['agrees', true],
    ['disagrees', false],
  ])('a function that %s', async (what, agrees) => {
    const { id, reached, ended, asked } = await conditioned(
      `function-${what}`,
      before(rule('LambdaInvoke', { FunctionName: 'worker' })),
    );
    const jobId = await jobOf(world().world);

    await (agrees
      ? world().client.send(new PutJobSuccessResultCommand({ jobId }))
      : world().client.send(
          new PutJobFailureResultCommand({ jobId, failureDetails: { type: 'JobFailed', message: 'not today' } }),
        ));
    await (agrees ? reached(id, 'First') : ended(id));

    expect((await asked())[0]?.output?.executionResult?.externalExecutionSummary).toBe(
      agrees ? 'function worker agrees' : 'not today',
    );
  });

  test('one that says nothing fails the rule after its time-out', async () => {
    const { id, ended, executions } = await conditioned(
      'function-late',
      before(rule('LambdaInvoke', { FunctionName: 'worker' }, { TimeoutInMinutes: 5 })),
    );
    await jobOf(world().world);
    await world().world.clock.advance(5 * 60_000);
    await ended(id);

    expect((await executions())[0]?.statusSummary).toContain('has not answered within 5 minutes');
  });
});

test.each([
  ['test -f a.txt', true],
  ['test -f b.txt', false],
])('Commands: %s: %s', async (command, holds) => {
  const checked = rule('Commands', {}, { Commands: [command], InputArtifacts: [{ Name: 'Code' }] });
  const { id, reached, ended, asked } = await conditioned(`commands-${holds}`, before(checked));

  await (holds ? reached(id, 'First') : ended(id));

  expect((await asked())[0]?.status).toBe(holds ? 'Succeeded' : 'Failed');
});

test.each([
  ['yes', 'true', true],
  ['no', 'false', false],
])('CodeBuild: a project that says %s', async (name, command, holds) => {
  await world().stack(`project-${name}`, { Project: project(name, command) });
  const checked = rule('CodeBuild', { ProjectName: name }, { InputArtifacts: [{ Name: 'Code' }] });
  const { id, reached, ended, asked } = await conditioned(`project-${name}`, before(checked));

  await (holds ? reached(id, 'First') : ended(id));

  expect((await asked())[0]?.output?.executionResult?.externalExecutionSummary).toMatch(
    holds ? /^build yes:.* succeeded$/ : /^Build of no terminated with state FAILED/,
  );
});

test('the rules that can be asked are listed with their settings', async () => {
  const { ruleTypes } = await world().client.send(new ListRuleTypesCommand({}));

  expect(ruleTypes?.map(({ id }) => id?.provider)).toEqual([
    'CloudWatchAlarm',
    'CodeBuild',
    'Commands',
    'DeploymentWindow',
    'LambdaInvoke',
    'VariableCheck',
  ]);
});

// Source: facts 3.5 and 3.6.
describe('after a stage', () => {
  const gate = (Value: string) => rule('VariableCheck', { Variable: '#{variables.gate}', Value, Operator: 'EQ' });
  const variables = { Variables: [{ Name: 'gate', DefaultValue: 'open' }] };

  test('a condition that does not hold fails a stage whose actions succeeded, and can be overridden', async () => {
    const condition = { OnSuccess: { Conditions: [{ Result: 'FAIL', Rules: [gate('shut')] }] } };
    const { id, reached, answer, ended, status, state } = await conditioned('after-fail', condition, variables);
    await reached(id, 'First');
    await answer('First', 'Approved');
    await ended(id);
    expect(await status(id)).toBe('Failed');
    expect((await state())[1]?.onSuccessConditionState?.latestExecution?.status).toBe('Failed');

    const override = new OverrideStageConditionCommand({
      pipelineName: 'after-fail',
      stageName: 'First',
      pipelineExecutionId: id,
      conditionType: 'ON_SUCCESS',
    });
    await world().client.send(override);
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    await expect(world().client.send(override)).rejects.toMatchObject({ name: 'ConditionNotOverridableException' });
  });

  test.each([
    ['a failure', 'on-failure', { OnFailure: { Result: 'ROLLBACK' } }, 'Rejected', 'open'],
    [
      'a failure whose condition does not hold',
      'on-failure-if',
      { OnFailure: { Conditions: [{ Result: 'ROLLBACK', Rules: [gate('open')] }] } },
      'Rejected',
      'shut',
    ],
    [
      'a success whose condition does not hold',
      'on-success-if',
      { OnSuccess: { Conditions: [{ Result: 'ROLLBACK', Rules: [gate('open')] }] } },
      'Approved',
      'shut',
    ],
  ] as const)(
    '%s rolls back to the last execution that went through, by itself',
    async (_what, name, stage, verdict, value) => {
      const { id, reached, answer, ended, status, start, executions } = await conditioned(name, stage, variables);
      await reached(id, 'First');
      await answer('First', 'Approved');
      await ended(id);
      const bad = await start({ variables: [{ name: 'gate', value }] });
      await reached(bad, 'First');
      await answer('First', verdict);
      await ended(bad);

      const [newest] = await executions();
      expect(newest).toMatchObject({
        executionType: 'ROLLBACK',
        rollbackMetadata: { rollbackTargetPipelineExecutionId: id },
        trigger: { triggerType: 'AutomatedRollback', triggerDetail: bad },
      });
      await reached(newest?.pipelineExecutionId ?? '', 'First');
      await answer('First', 'Approved');
      await ended(newest?.pipelineExecutionId ?? '');
      expect([await status(bad), await status(newest?.pipelineExecutionId ?? '')]).toEqual(['Failed', 'Succeeded']);
    },
  );

  test('a failure without an execution to go back to stays a failure', async () => {
    const { id, reached, answer, ended, executions } = await conditioned('on-failure-first', {
      OnFailure: { Result: 'ROLLBACK' },
    });
    await reached(id, 'First');
    await answer('First', 'Rejected');
    await ended(id);

    expect(await executions()).toHaveLength(1);
  });
});
