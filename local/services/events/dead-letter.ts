import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import { asRule, type Delivery, placeOf } from './delivery.ts';
import type { Failure } from './delivery-failure.ts';
import { measureRule } from './measure.ts';

/** A failure that is final, with what led to it. */
export interface FinalFailure extends Failure {
  readonly retries: number;
  /** The limit that ended the retries, if one did. */
  readonly exhausted: string | undefined;
}

/** Sends the event to the target's dead-letter queue under the queue's policy; without a queue it is dropped, as on AWS. */
export async function bury(world: World, delivery: Delivery, failure: FinalFailure): Promise<void> {
  const queueArn = delivery.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined)
    return journal(world, delivery, false, 'dropped the event: the target has no dead-letter queue');
  const { account, region } = placeOf(queueArn);
  try {
    await call(world, {
      account,
      region,
      caller: asRule(delivery.rule),
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: `${world.endpoint}/${account}/${queueArn.split(':').at(-1)}`,
        MessageBody: JSON.stringify(delivery.event),
        MessageAttributes: attributes(delivery, failure),
      },
      cause: delivery.cause,
    });
    measureRule(world, delivery.rule, 'InvocationsSentToDlq');
    journal(world, delivery, true, `sent the event to the dead-letter queue ${queueArn}`);
  } catch (error) {
    measureRule(world, delivery.rule, 'InvocationsFailedToBeSentToDlq');
    const reason = error instanceof Error ? error.message : String(error);
    journal(world, delivery, false, `dropped the event: the dead-letter queue ${queueArn} refused it: ${reason}`);
  }
}

/** AWS's attributes. Source: facts 2.7. */
function attributes({ rule, target }: Delivery, { code, message, retries, exhausted }: FinalFailure) {
  const values = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

function journal(world: World, { rule, event, cause }: Delivery, allowed: boolean, did: string): void {
  world.journal.write({
    kind: 'delivery',
    cause,
    account: rule.account,
    region: rule.region,
    subject: rule.arn,
    text: `rule ${rule.name} ${did}`,
    allowed,
    detail: { rule: rule.name, eventId: event.id, deadLetter: true },
  });
}
