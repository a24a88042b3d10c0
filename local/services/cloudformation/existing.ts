import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { findStack } from './deploy.ts';
import type { Stack } from './tables.ts';

/** The stack of that name or ARN. Throws ValidationError as CloudFormation does. */
export function existing(call: Pick<Call, 'world' | 'account' | 'region'>, name: string): Stack {
  const known = findStack(call.world, call, name);
  if (known === undefined || (known.status === 'DELETE_COMPLETE' && !name.startsWith('arn:')))
    throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
  return known;
}
