import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { DeliveryFailure } from '../events/delivery-failure.ts';
import { assumeRole } from '../sts/assume.ts';
import type { Schedule } from './tables.ts';

/** One run of a schedule. */
export interface Run {
  readonly schedule: Schedule;
  /** World time in milliseconds at which it was due. */
  readonly at: number;
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly cause: string;
}

/** The call that a kind of target takes; from the schedule and the input's text. */
type Request = (schedule: Schedule, input: string, world: World) => { operation: string; input: unknown };

const requests: Readonly<Record<string, Request>> = {
  lambda: ({ target }, input) => ({
    operation: 'Invoke',
    input: { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(input) },
  }),
  sqs: ({ target }, input, world) => {
    const [, , , , account, name] = target.Arn.split(':');
    const group = target.SqsParameters?.MessageGroupId;
    return {
      operation: 'SendMessage',
      input: {
        QueueUrl: `${world.endpoint}/${account}/${name}`,
        MessageBody: input,
        ...(group === undefined ? {} : { MessageGroupId: group }),
      },
    };
  },
  sns: ({ target }, input) => ({ operation: 'Publish', input: { TopicArn: target.Arn, Message: input } }),
  events: ({ target }, input) => ({
    operation: 'PutEvents',
    input: {
      Entries: [{ EventBusName: target.Arn, Detail: input, ...target.EventBridgeParameters }],
    },
  }),
  codepipeline: ({ target }) => ({
    operation: 'StartPipelineExecution',
    input: { name: target.Arn.split(':').at(-1) },
  }),
};

/** Whether targets of that kind are played. */
export const isPlayedTarget = (arn: string): boolean =>
  /^arn:aws[\w-]*:\w+:[\w-]+:\d{12}:.+$/.test(arn) && Object.hasOwn(requests, arn.split(':')[2] ?? '');

/** Calls the target as the schedule's role. Throws what the target answers. */
export async function send(world: World, run: Run): Promise<void> {
  const { schedule, cause } = run;
  const service = schedule.target.Arn.split(':')[2] ?? '';
  const request = requests[service]?.(schedule, inputFor(run), world);
  if (request === undefined)
    throw new DeliveryFailure('INVALID_PARAMETER', `${schedule.target.Arn} is no target played here`);
  const { account, region } = schedule;
  await call(world, { caller: await session(world, run), account, region, cause, service, ...request });
}

/** The schedule's role. The trust policy sees the schedule's group as `aws:SourceArn`, as AWS documents it. */
export async function session(world: World, { schedule, id, cause }: Run): Promise<SessionPrincipal> {
  const { account, region, group, target } = schedule;
  try {
    const { principal } = await assumeRole(world, {
      account,
      region,
      cause,
      caller: {
        type: 'service',
        service: 'scheduler.amazonaws.com',
        sourceArn: `arn:aws:scheduler:${region}:${account}:schedule-group/${group}`,
        sourceAccount: account,
      },
      roleArn: target.RoleArn,
      sessionName: id.replaceAll('-', ''),
    });
    return principal;
  } catch (error) {
    if (error instanceof AwsError && error.status < 500)
      throw new DeliveryFailure('AccessDeniedException', error.message);
    throw error;
  }
}

/** The target's input with the scheduler's keywords filled in, or the default event. */
export function inputFor({ schedule, at, id, attempt }: Run): string {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  const { account, region, arn, target } = schedule;
  if (target.Input !== undefined) {
    return target.Input.replaceAll('<aws.scheduler.schedule-arn>', arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', id)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
  }
  const envelope = {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time,
    region,
  };
  return JSON.stringify({ ...envelope, resources: [arn], detail: '{}' });
}
