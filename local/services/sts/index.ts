import type { Service } from '../../world/service.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getAccessKeyInfo, getSessionToken } from './get-session-token.ts';

/** AWS Security Token Service. */
export const sts: Service = {
  name: 'sts',
  queryNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
};
