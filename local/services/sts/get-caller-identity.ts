import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';

/** Who signs the request. AWS asks for no permission. */
export const getCallerIdentity = operation({
  input: z.object({}),
  access: () => [],
  run: (_input, { caller }) => {
    if (caller.type === 'service' || caller.type === 'anonymous') {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    }
    return {
      UserId: caller.type === 'root' ? caller.account : caller.userId,
      Account: caller.account,
      Arn: caller.arn,
    };
  },
});
