import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { assumeRole } from '../sts/assume.ts';
import { type Execution, execute } from './execute.ts';
import type { Target } from './find.ts';
import { type EventInvokeConfig, eventInvokeConfigs, functions, type LambdaFunction } from './tables.ts';

const defaults: EventInvokeConfig = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };
/** Lambda waits a minute before the second attempt and two before the third (facts 2.13). */
const waitsMilliseconds = [60_000, 120_000];

/** An asynchronous invocation: answered at once, run in the background, retried by Lambda itself, and sent on when it is given up. */
export function invokeLater(world: World, { fn, arn }: Target, event: unknown, cause: string): void {
  const queuedAt = world.clock.now();
  attempt(world, { fn, arn, event, cause, queuedAt, requestId: world.chance.uuid() }, 1);
}

interface Queued extends Target {
  readonly event: unknown;
  readonly cause: string;
  readonly queuedAt: number;
  readonly requestId: string;
}

function attempt(world: World, queued: Queued, count: number): void {
  world.background(queued.fn.arn, queued.cause, async () => {
    const { arn, event } = queued;
    const newest = queued.fn.version === '$LATEST' ? world.store.in(functions).get(queued.fn.arn) : undefined;
    const fn = newest ?? queued.fn;
    const config = world.store.in(eventInvokeConfigs).get(arn) ?? defaults;
    const execution = await execute(world, fn, event, queued.cause, queued.requestId, arn);
    if (execution.failure === undefined)
      return sendOn(world, fn, queued, execution, config.onSuccessArn, 'Success', count);
    const wait = waitsMilliseconds[count - 1] ?? 120_000;
    const tooOld = world.clock.now() + wait - queued.queuedAt > config.maximumEventAgeSeconds * 1000;
    if (count <= config.maximumRetryAttempts && !tooOld) {
      world.clock.after(wait, () => attempt(world, queued, count + 1));
      return;
    }
    const condition = tooOld ? 'EventAgeExceeded' : 'RetriesExhausted';
    await sendOn(world, fn, queued, execution, config.onFailureArn, condition, count);
    if (fn.deadLetterArn !== undefined)
      await deliver(world, fn, queued.cause, fn.deadLetterArn, JSON.stringify(queued.event));
  });
}

/** Hands the record of an ended invocation to its destination, with the function's own permissions. */
async function sendOn(
  world: World,
  fn: LambdaFunction,
  queued: Queued,
  execution: Execution,
  to: string | undefined,
  condition: string,
  count: number,
): Promise<void> {
  if (to === undefined) return;
  const record = {
    version: '1.0',
    timestamp: world.clock.date().toISOString(),
    requestContext: {
      requestId: queued.requestId,
      functionArn: queued.arn === fn.arn ? `${fn.arn}:$LATEST` : queued.arn,
      condition,
      approximateInvokeCount: count,
    },
    requestPayload: queued.event,
    responseContext: {
      statusCode: 200,
      executedVersion: fn.version,
      ...(execution.failure === undefined ? {} : { functionError: 'Unhandled' }),
    },
    responsePayload: JSON.parse(execution.payload) as unknown,
  };
  await deliver(world, fn, queued.cause, to, JSON.stringify(record));
}

async function deliver(world: World, fn: LambdaFunction, cause: string, to: string, body: string): Promise<void> {
  const at = { account: fn.account, region: fn.region };
  try {
    const service = {
      type: 'service' as const,
      service: 'lambda.amazonaws.com',
      sourceArn: fn.arn,
      sourceAccount: fn.account,
    };
    const { principal } = await assumeRole(world, {
      ...at,
      cause,
      caller: service,
      roleArn: fn.roleArn,
      sessionName: fn.name,
    });
    await call(world, { ...at, ...destination(world, to, body, fn), caller: principal, cause });
    world.journal.write({
      kind: 'delivery',
      cause,
      ...at,
      subject: to,
      allowed: true,
      text: `function ${fn.name} sent a given-up event to ${to.split(':').pop()}`,
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    world.journal.write({
      kind: 'delivery',
      cause,
      ...at,
      subject: to,
      allowed: false,
      text: `function ${fn.name} could not send to ${to}: ${text}`,
    });
    putMetric(world, at, {
      namespace: 'AWS/Lambda',
      name: 'DestinationDeliveryFailures',
      dimensions: { FunctionName: fn.name },
      value: 1,
    });
  }
}

function destination(
  world: World,
  arn: string,
  body: string,
  fn: LambdaFunction,
): { service: string; operation: string; input: unknown } {
  const [, , service, , account, name] = arn.split(':');
  switch (service) {
    case 'sqs':
      return {
        service,
        operation: 'SendMessage',
        input: { QueueUrl: `${world.endpoint}/${account}/${name}`, MessageBody: body },
      };
    case 'sns':
      return { service, operation: 'Publish', input: { TopicArn: arn, Message: body } };
    case 'lambda':
      return {
        service,
        operation: 'Invoke',
        input: { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(body) },
      };
    default:
      return {
        service: 'events',
        operation: 'PutEvents',
        input: {
          Entries: [
            {
              EventBusName: arn,
              Source: 'lambda',
              DetailType: 'Lambda Function Invocation Result',
              Detail: body,
              Resources: [arn, fn.arn],
            },
          ],
        },
      };
  }
}
