import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { encoded } from './documents.ts';
import { requireUser, userAccess } from './find.ts';
import { paged, part, pathPrefix } from './paging.ts';
import { attachedList, shownUser } from './shown.ts';
import { users } from './tables.ts';

const listing = z.object({ UserName: z.string(), ...paged });

/** A user by name; without one, the user that asks. */
export const getUser = operation({
  simplified: 'The root user of an account is not shown.',
  input: z.object({ UserName: z.string().optional() }),
  access: ({ UserName }, call) => [userAccess('GetUser', call, UserName ?? ownName(call.caller))],
  run: ({ UserName }, call) => ({ User: shownUser(requireUser(call, UserName ?? ownName(call.caller))) }),
});

function ownName(caller: { readonly type: string; readonly arn?: string }): string {
  if (caller.type !== 'user')
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  return caller.arn?.split('/').pop() ?? '';
}

/** The users of the account. */
export const listUsers = operation({
  input: z.object({ PathPrefix: pathPrefix, ...paged }),
  access: ({ PathPrefix }, { account }) => [
    { action: 'iam:ListUsers', resource: `arn:aws:iam::${account}:user${PathPrefix}` },
  ],
  run: ({ PathPrefix, ...page }, { world, account }) => {
    const found = world.store
      .in(users)
      .where((row) => row.account === account && row.arn.slice(row.arn.indexOf('/')).startsWith(PathPrefix));
    return part(
      'Users',
      found.map(shownUser).map(({ PermissionsBoundary: _unlisted, ...user }) => user),
      page,
    );
  },
});

/** The names of a user's inline policies. */
export const listUserPolicies = operation({
  input: listing,
  access: ({ UserName }, call) => [userAccess('ListUserPolicies', call, UserName)],
  run: ({ UserName, ...page }, call) =>
    part(
      'PolicyNames',
      Object.values(requireUser(call, UserName).inline)
        .map(({ name }) => name)
        .sort(),
      page,
    ),
});

/** One inline policy of a user. */
export const getUserPolicy = operation({
  input: z.object({ UserName: z.string(), PolicyName: z.string() }),
  access: ({ UserName }, call) => [userAccess('GetUserPolicy', call, UserName)],
  run: ({ UserName, PolicyName }, call) => {
    const found = Object.values(requireUser(call, UserName).inline).find(({ name }) => name === PolicyName);
    if (found === undefined)
      throw new AwsError('NoSuchEntity', `The user policy with name ${PolicyName} cannot be found.`, 404);
    return { UserName, PolicyName, PolicyDocument: encoded(found) };
  },
});

/** The managed policies of a user. */
export const listAttachedUserPolicies = operation({
  input: listing,
  access: ({ UserName }, call) => [userAccess('ListAttachedUserPolicies', call, UserName)],
  run: ({ UserName, ...page }, call) =>
    part('AttachedPolicies', attachedList(requireUser(call, UserName).managed), page),
});

/** Pretend accounts have no alias. */
export const listAccountAliases = operation({
  input: z.object({ ...paged }),
  access: () => [{ action: 'iam:ListAccountAliases', resource: '*' }],
  run: (page) => part('AccountAliases', [], page),
});
