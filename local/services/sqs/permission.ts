import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { invalidParameter, invalidValue } from './refusal.ts';
import { type Queue, queues } from './tables.ts';

interface Statement {
  readonly Sid?: string;
}

/** The actions that AddPermission shares. Source: the API reference of AddPermission. */
const shared = new Set(
  [
    '*',
    'SendMessage',
    'ReceiveMessage',
    'DeleteMessage',
    'ChangeMessageVisibility',
    'GetQueueAttributes',
    'GetQueueUrl',
  ].concat('ListDeadLetterSourceQueues', 'PurgeQueue'),
);
const mostActions = 7;

/** Shares a queue with accounts by a statement of its policy. */
export const addPermission = operation({
  input: z.object({
    QueueUrl: z.string(),
    Label: z.string(),
    AWSAccountIds: z.array(z.string()).min(1),
    Actions: z.array(z.string()).min(1),
  }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'AddPermission', QueueUrl, call)],
  run: ({ QueueUrl, Label, AWSAccountIds, Actions }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    checkPermission(Label, AWSAccountIds, Actions);
    const statements = statementsOf(queue);
    if (statements.some(({ Sid }) => Sid === Label)) throw invalidValue('Label', Label, 'Already exists.');
    writeStatements(call.world, queue, [
      ...statements,
      {
        Sid: Label,
        Effect: 'Allow',
        Principal: { AWS: AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`) },
        Action: Actions.map((action) => `SQS:${action}`),
        Resource: queue.arn,
      },
    ]);
    return {};
  },
});

function checkPermission(label: string, accounts: readonly string[], actions: readonly string[]): void {
  if (!/^[\w-]{1,80}$/.test(label))
    throw invalidValue(
      'Label',
      label,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  const account = accounts.find((each) => !/^\d{12}$/.test(each));
  if (account !== undefined) throw invalidValue('PrincipalId', `[${account}]`, 'Unable to verify.');
  const action = actions.find((each) => !shared.has(each));
  if (action !== undefined)
    throw invalidValue(
      'ActionName',
      `SQS:${action}`,
      `Please refer to the appropriate WSDL for a list of valid actions.`,
    );
  if (actions.length > mostActions)
    throw new AwsError('OverLimit', `${actions.length} Actions were found, maximum allowed is ${mostActions}.`, 403);
}

/** Takes a statement out of a queue's policy by its label. */
export const removePermission = operation({
  input: z.object({ QueueUrl: z.string(), Label: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'RemovePermission', QueueUrl, call)],
  run: ({ QueueUrl, Label }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    const statements = statementsOf(queue);
    const others = statements.filter(({ Sid }) => Sid !== Label);
    if (others.length === statements.length)
      throw invalidParameter(
        `Value ${Label} for parameter Label is invalid. Reason: can't find label on existing policy.`,
      );
    writeStatements(call.world, queue, others);
    return {};
  },
});

function statementsOf({ settings: { Policy = '' } }: Queue): readonly Statement[] {
  if (Policy === '') return [];
  const { Statement } = JSON.parse(Policy) as { Statement?: Statement | readonly Statement[] };
  return Statement === undefined
    ? []
    : Array.isArray(Statement)
      ? (Statement as Statement[])
      : [Statement as Statement];
}

function writeStatements(world: World, queue: Queue, statements: readonly object[]): void {
  const { Policy, ...others } = queue.settings;
  const known = Policy === undefined || Policy === '' ? {} : (JSON.parse(Policy) as object);
  const fresh = { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy` };
  const document = JSON.stringify({ ...fresh, ...known, Statement: statements });
  const settings = statements.length === 0 ? others : { ...others, Policy: document };
  world.store.in(queues).put(queue.arn, { ...queue, settings, modifiedAt: world.clock.now() });
}
