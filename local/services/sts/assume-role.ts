import { z } from 'zod';
import { issueCredentials } from '../../world/credentials.ts';
import { AwsError } from '../../world/failure.ts';
import { principalName, type SessionPrincipal } from '../../world/principal.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { type Role, roles } from '../iam/tables.ts';

const input = z.object({
  RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 characters of [\\w+=,.@-]'),
  DurationSeconds: numeric.pipe(z.number().min(900).max(43_200)).optional(),
  Policy: z.string().optional(),
  ExternalId: z.string().optional(),
});

/** Decided by the role's trust policy, and by the caller's own account when it is another one. */
export const assumeRole = operation({
  input,
  access: ({ RoleArn, ExternalId }, { world, caller }) => {
    const role = world.store.in(roles).get(RoleArn);
    if (role === undefined) throw noSuchRole(principalName(caller), RoleArn);
    return [
      {
        action: 'sts:AssumeRole',
        resource: RoleArn,
        owner: role.account,
        ...(ExternalId === undefined ? {} : { context: { 'sts:ExternalId': ExternalId } }),
        policy: { name: `trust policy of ${role.name}`, document: role.trust, kind: 'trust' },
      },
    ];
  },
  run: ({ RoleArn, RoleSessionName, DurationSeconds, Policy }, { world }) => {
    const role = world.store.in(roles).get(RoleArn) as Role;
    const principal = sessionOf(role, RoleSessionName, Policy);
    const issued = issueCredentials(world, principal, DurationSeconds ?? 3600);
    return {
      AssumedRoleUser: { Arn: principal.arn, AssumedRoleId: principal.userId },
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(issued.expiresAt ?? 0),
      },
    };
  },
});

function sessionOf(role: Role, sessionName: string, policy: string | undefined): SessionPrincipal {
  return {
    type: 'role-session',
    account: role.account,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    roleArn: role.arn,
    userId: `${role.id}:${sessionName}`,
    ...(policy === undefined ? {} : { policies: [sessionPolicy(policy)] }),
  };
}

function sessionPolicy(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'The session policy is not valid JSON');
  }
}

/** AWS does not tell a stranger whether a role exists: it says the same as for a refusal. */
const noSuchRole = (caller: string, arn: string) =>
  new AwsError('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${arn}`, 403);
