import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { classify, type Failure } from '../events/delivery-failure.ts';
import { inputFor, type Run, send, session } from './send.ts';
import type { Schedule } from './tables.ts';

/** AWS's defaults. Source: facts 2.7; the scheduler has the same. */
const defaultRetries = 185;
const defaultAgeSeconds = 86_400;
const firstWaitMilliseconds = 1_000;
const longestWaitMilliseconds = 10 * 60_000;

/** Calls a schedule's target, again with back-off while that can help, else tells the dead-letter queue. */
export function deliverRun(world: World, schedule: Schedule, at: number): void {
  const { account, region, arn, name } = schedule;
  const text = `schedule ${name} is due by ${schedule.expression}`;
  const cause = world.journal.write({ kind: 'state', account, region, subject: arn, text, detail: { schedule: name } });
  attemptLater(world, { schedule, at, id: world.chance.uuid(), attempt: 1, cause });
}

function attemptLater(world: World, run: Run): void {
  world.background(run.schedule.arn, run.cause, () => attempt(world, run));
}

async function attempt(world: World, run: Run): Promise<void> {
  measure(world, run, 'InvocationAttemptCount');
  try {
    await send(world, run);
    journal(world, run, true, 'called', {});
  } catch (error) {
    await fail(world, run, classify(error));
  }
}

async function fail(world: World, run: Run, failure: Failure): Promise<void> {
  measure(world, run, 'TargetErrorCount');
  const exhausted = failure.retryable ? exhaustedBy(world, run) : undefined;
  if (failure.retryable && exhausted === undefined) {
    const doubled = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** Math.min(run.attempt - 1, 20));
    const wait = Math.round(doubled * (0.5 + world.chance.fraction() / 2));
    journal(world, run, false, `could not call (${failure.message}), trying again in ${wait} ms:`, {
      code: failure.code,
    });
    world.clock.after(wait, () => attemptLater(world, { ...run, attempt: run.attempt + 1 }));
    return;
  }
  journal(world, run, false, `could not call (${failure.code}: ${failure.message}):`, {
    code: failure.code,
    exhausted,
  });
  measure(world, run, 'InvocationDroppedCount');
  await bury(world, run, failure, exhausted);
}

function exhaustedBy(world: World, { schedule, at, attempt: made }: Run): string | undefined {
  const { MaximumRetryAttempts = defaultRetries, MaximumEventAgeInSeconds = defaultAgeSeconds } =
    schedule.target.RetryPolicy ?? {};
  if (made > MaximumRetryAttempts) return 'MaximumRetryAttempts';
  return world.clock.now() - at >= MaximumEventAgeInSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/** To the dead-letter queue with the schedule's own role. Source: the dead-letter page of the EventBridge Scheduler guide. */
async function bury(world: World, run: Run, failure: Failure, exhausted: string | undefined): Promise<void> {
  const queueArn = run.schedule.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return;
  const { account, region } = run.schedule;
  const [, , , , owner, queue] = queueArn.split(':');
  const values = {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: run.id,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(run.attempt - 1),
    SCHEDULED_TIME: new Date(run.at).toISOString(),
    SCHEDULE_ARN: run.schedule.arn,
    TARGET_ARN: run.schedule.target.Arn,
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  try {
    await call(world, {
      account,
      region,
      cause: run.cause,
      caller: await session(world, run),
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: `${world.endpoint}/${owner}/${queue}`,
        MessageBody: inputFor(run),
        MessageAttributes: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
        ),
      },
    });
    measure(world, run, 'InvocationsSentToDeadLetterCount');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    measure(world, run, 'InvocationsFailedToBeSentToDeadLetterCount');
    journal(world, run, false, `could not tell the dead-letter queue ${queueArn} (${reason}) about`, {});
  }
}

function measure(world: World, { schedule }: Run, name: string): void {
  putMetric(world, schedule, {
    namespace: 'AWS/Scheduler',
    name,
    dimensions: { ScheduleGroup: schedule.group },
    value: 1,
    unit: 'Count',
  });
}

function journal(world: World, { schedule, cause, id }: Run, allowed: boolean, did: string, detail: object): void {
  const { account, region, arn, name, target } = schedule;
  const text = `schedule ${name} ${did} ${target.Arn}`;
  world.journal.write({
    kind: 'delivery',
    cause,
    account,
    region,
    subject: arn,
    text,
    allowed,
    detail: { schedule: name, target: target.Arn, executionId: id, ...detail },
  });
}
