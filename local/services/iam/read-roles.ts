import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { requireRole, roleAccess } from './find.ts';
import { paged, part, pathPrefix } from './paging.ts';
import { listedRole, shownRole, tagList } from './shown.ts';
import { roles } from './tables.ts';

/** One role with its trust policy. */
export const getRole = operation({
  simplified: 'A role never tells when it was last used.',
  input: z.object({ RoleName: z.string() }),
  access: ({ RoleName }, call) => [roleAccess('GetRole', call, RoleName)],
  run: ({ RoleName }, call) => ({ Role: shownRole(requireRole(call, RoleName)) }),
});

/** The roles of the caller's account, by path. */
export const listRoles = operation({
  input: z.object({ PathPrefix: pathPrefix, ...paged }),
  access: ({ PathPrefix }, { account }) => [
    { action: 'iam:ListRoles', resource: `arn:aws:iam::${account}:role${PathPrefix}` },
  ],
  run: ({ PathPrefix, ...page }, { world, account }) => {
    const found = world.store
      .in(roles)
      .where((row) => row.account === account && `${row.path}${row.name}`.startsWith(PathPrefix));
    return part('Roles', found.map(listedRole), page);
  },
});

/** A role's tags. */
export const listRoleTags = operation({
  input: z.object({ RoleName: z.string(), ...paged }),
  access: ({ RoleName }, call) => [roleAccess('ListRoleTags', call, RoleName)],
  run: ({ RoleName, ...page }, call) => part('Tags', tagList(requireRole(call, RoleName).tags), page),
});
