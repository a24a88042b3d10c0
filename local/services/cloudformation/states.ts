import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { isRunning } from './running.ts';
import type { Stack } from './tables.ts';

/** States from which a stack can be updated; in any other one it is refused. Source: "Stack status codes" in the CloudFormation guide. */
const updatable = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
]);

/** Throws ValidationError, in CloudFormation's words, when a stack's state does not allow an update. */
export function refuseUnlessUpdatable(call: Pick<Call, 'world'>, stack: Stack): void {
  refuseWhileRunning(call, stack);
  if (updatable.has(stack.status)) return;
  throw new AwsError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** Throws ValidationError while a deployment of the stack runs. */
export function refuseWhileRunning({ world }: Pick<Call, 'world'>, stack: Stack): void {
  const { account, region, name, id, status } = stack;
  if (!isRunning(world, { account, region, stackName: name })) return;
  throw new AwsError('ValidationError', `Stack:${id} is in ${status} state and can not be updated.`);
}

/** Throws ValidationError when a new template gives a resource another type, which CloudFormation does not do. */
export function refuseTypeChanges(
  before: Stack | undefined,
  resources: Readonly<Record<string, { readonly type: string }>>,
): void {
  const changed = (before?.resources ?? [])
    .filter(({ logicalId, type }) => (resources[logicalId]?.type ?? type) !== type)
    .map(({ logicalId }) => logicalId);
  if (changed.length === 0) return;
  throw new AwsError(
    'ValidationError',
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
  );
}
