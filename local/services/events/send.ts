import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { assumeRole } from '../sts/assume.ts';
import { asRule, type Delivery, placeOf } from './delivery.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { refuseThirdBus } from './hop.ts';
import { payloadFor } from './payload.ts';

/** A delivery with the identity it is made under and the text it hands over. */
interface Sending extends Delivery {
  readonly caller: Principal;
  readonly account: string;
  readonly region: string;
  readonly payload: string;
}

/** Makes one call for a kind of target. */
type Sender = (world: World, sending: Sending) => Promise<void>;

/** Hands an event to its target as the target's role, or as EventBridge itself. Throws what the target answers. */
export async function send(world: World, delivery: Delivery): Promise<void> {
  const sender = senders[targetService(delivery.target.Arn) ?? ''];
  if (sender === undefined)
    throw new DeliveryFailure('INVALID_PARAMETER', `${delivery.target.Arn} is no target played here`);
  if (sender === toBus) refuseThirdBus(delivery);
  const payload = payloadFor(world, delivery);
  await sender(world, { ...delivery, ...(await identity(world, delivery)), payload });
}

/** The service of a target's ARN, when targets of that service are played. */
export function targetService(arn: string): string | undefined {
  const [, , service = '', , , path = ''] = arn.split(':');
  // API destinations are targets of the service events, too.
  if (service === 'events' && !path.startsWith('event-bus/')) return undefined;
  return Object.hasOwn(senders, service) ? service : undefined;
}

/** A role works from its rule's place; EventBridge itself stands where the target is. */
async function identity(
  world: World,
  { rule, target, event, cause }: Delivery,
): Promise<Pick<Sending, 'caller' | 'account' | 'region'>> {
  const { account, region } = rule;
  if (target.RoleArn === undefined) return { caller: asRule(rule), ...placeOf(target.Arn) };
  try {
    const wanted = { roleArn: target.RoleArn, sessionName: event.id.replaceAll('-', ''), account, region, cause };
    return { caller: (await assumeRole(world, { ...wanted, caller: asRule(rule) })).principal, account, region };
  } catch (error) {
    if (error instanceof AwsError && error.status < 500)
      throw new DeliveryFailure('FAILED_TO_ASSUME_ROLE', error.message);
    throw new DeliveryFailure('TRANSIENT_ASSUME_ROLE', error instanceof Error ? error.message : String(error), true);
  }
}

const callAs = (
  world: World,
  { caller, account, region, cause }: Sending,
  service: string,
  operation: string,
  input: unknown,
) => call(world, { caller, account, region, cause, service, operation, input });

const toLambda: Sender = async (world, sending) => {
  const input = { FunctionName: sending.target.Arn, InvocationType: 'Event', Payload: Buffer.from(sending.payload) };
  await callAs(world, sending, 'lambda', 'Invoke', input);
};

const toQueue: Sender = async (world, sending) => {
  const { account } = placeOf(sending.target.Arn);
  const group = sending.target.SqsParameters?.MessageGroupId;
  await callAs(world, sending, 'sqs', 'SendMessage', {
    QueueUrl: `${world.endpoint}/${account}/${sending.target.Arn.split(':').at(-1)}`,
    MessageBody: sending.payload,
    ...(group === undefined ? {} : { MessageGroupId: group }),
  });
};

const toTopic: Sender = async (world, sending) => {
  await callAs(world, sending, 'sns', 'Publish', { TopicArn: sending.target.Arn, Message: sending.payload });
};

/** A simplification: AWS names its streams by chance; here each rule writes one stream a day. */
const toLogGroup: Sender = async (world, sending) => {
  const logGroupName = sending.target.Arn.split(':').slice(6).join(':').replace(/:\*$/, '');
  const logStreamName = `${sending.rule.name}/${world.clock.date().toISOString().slice(0, 10)}`;
  const events = [{ timestamp: world.clock.now(), message: sending.payload }];
  const put = () => callAs(world, sending, 'logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents: events });
  try {
    await put();
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException' && /stream/.test(error.message)))
      throw error;
    await callAs(world, sending, 'logs', 'CreateLogStream', { logGroupName, logStreamName }).catch((taken: unknown) => {
      // Another delivery was quicker.
      if (!(taken instanceof AwsError && taken.code === 'ResourceAlreadyExistsException')) throw taken;
    });
    await put();
  }
};

const toBus: Sender = async (world, sending) => {
  const { rule, target, event, path } = sending;
  await callAs(world, sending, 'events', 'ForwardEvent', { busArn: target.Arn, event, path: [...path, rule.busArn] });
};

const toPipeline: Sender = async (world, sending) => {
  const { target, payload } = sending;
  const name = target.Arn.split(':').at(-1);
  const given = (target.Input ?? target.InputTransformer) ? (JSON.parse(payload) as Record<string, unknown>) : {};
  await callAs(world, sending, 'codepipeline', 'StartPipelineExecution', { ...given, name });
};

/** The input may override what StartBuild takes; without one, the event is not looked at. */
const toBuild: Sender = async (world, sending) => {
  const { target, payload } = sending;
  const projectName = target.Arn.split('/').at(-1);
  const given = (target.Input ?? target.InputTransformer) ? (JSON.parse(payload) as Record<string, unknown>) : {};
  await callAs(world, sending, 'codebuild', 'StartBuild', { ...given, projectName });
};

const senders: Readonly<Record<string, Sender>> = {
  lambda: toLambda,
  sqs: toQueue,
  sns: toTopic,
  logs: toLogGroup,
  events: toBus,
  codepipeline: toPipeline,
  codebuild: toBuild,
};
