import { z } from 'zod';
import { credentials, issueCredentials } from '../../world/credentials.ts';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { shownCredentials } from './shown-credentials.ts';

/** Temporary credentials of the user that asks. AWS asks for no permission; sessions of roles cannot call it. */
export const getSessionToken = operation({
  simplified: 'The credentials may call IAM and STS too; MFA devices are refused by name.',
  input: z.object({
    DurationSeconds: numeric.pipe(z.number().int().min(900).max(129_600)).default(43_200),
    SerialNumber: z.never('MFA devices are not played by the local cloud').optional(),
  }),
  access: () => [],
  run: ({ DurationSeconds }, { world, caller }) => {
    if (caller.type !== 'user' && caller.type !== 'root')
      throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
    const seconds = caller.type === 'root' ? Math.min(DurationSeconds, 3600) : DurationSeconds;
    return { Credentials: shownCredentials(issueCredentials(world, caller, seconds)) };
  },
});

/** Which account an access key belongs to. */
export const getAccessKeyInfo = operation({
  simplified: 'A key that was never made belongs to no account, where AWS reads the account from the key’s letters.',
  input: z.object({ AccessKeyId: z.string().regex(/^\w{16,128}$/, 'must be 16 to 128 letters and digits') }),
  access: () => [{ action: 'sts:GetAccessKeyInfo', resource: '*' }],
  run: ({ AccessKeyId }, { world }) => {
    const known = world.store.in(credentials).get(AccessKeyId)?.principal;
    if (known === undefined || !('account' in known))
      throw new AwsError('ValidationException', `The access key ID ${AccessKeyId} is not valid.`);
    return { Account: known.account };
  },
});
