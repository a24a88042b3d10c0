import type { RequestPrincipal } from '../../../languages/iam-policy/types.ts';

/** A principal as the tables name it: `user <account> <name>`, `session <account> <path/role> <session>`, `root <account>`, `service <name>`, `anonymous`. */
export function principalOf(who: string): RequestPrincipal {
  const [type, account = '', name = '', session = ''] = who.split(' ');
  switch (type) {
    case 'user':
      return { type, account, arn: `arn:aws:iam::${account}:user/${name}` };
    case 'session': {
      const role = name.split('/').pop() ?? '';
      return {
        type: 'role-session',
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
        roleArn: `arn:aws:iam::${account}:role/${name}`,
      };
    }
    case 'root':
      return { type, account, arn: `arn:aws:iam::${account}:root` };
    case 'service':
      return { type, service: account };
    default:
      return { type: 'anonymous' };
  }
}
