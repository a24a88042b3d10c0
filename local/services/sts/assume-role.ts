import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { issueCredentials } from '../../world/credentials.ts';
import { AwsError } from '../../world/failure.ts';
import { principalName, type SessionPrincipal } from '../../world/principal.ts';
import { numeric } from '../../world/properties.ts';
import { type Access, operation } from '../../world/service.ts';
import { requirePolicy, tagContext } from '../iam/find.ts';
import { queryList } from '../iam/query-list.ts';
import { type Role, roles } from '../iam/tables.ts';
import { inherited, sessionTags, tagsInput } from './session-tags.ts';
import { shownCredentials } from './shown-credentials.ts';

const name = z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 characters of [\\w+=,.@-]');

const input = z.object({
  RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  RoleSessionName: name,
  DurationSeconds: numeric.pipe(z.number().int().min(900).max(43_200)).optional(),
  Policy: z.string().min(1).max(2048).optional(),
  PolicyArns: queryList(z.object({ arn: z.string() }), 10),
  ExternalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 characters of [\\w+=,.@:/-]')
    .optional(),
  SourceIdentity: name.optional(),
  Tags: tagsInput,
  TransitiveTagKeys: queryList(z.string(), 50),
});

type Asked = z.output<typeof input>;

/**
 * Decided by the role's trust policy, and by the caller's own account when it is another one. Tags and a source identity take permissions of
 * their own. A session made by a session lasts an hour at most.
 */
export const assumeRole = operation({
  simplified: 'PackedPolicySize counts characters; MFA devices are refused by name.',
  input: input.extend({ SerialNumber: z.never('MFA devices are not played by the local cloud').optional() }),
  access: (asked, { world, caller }) => {
    const role = world.store.in(roles).get(asked.RoleArn);
    if (role === undefined) throw noSuchRole(principalName(caller), asked.RoleArn);
    const from = inherited(caller);
    const identity = asked.SourceIdentity ?? from.sourceIdentity;
    const context = requestContext(asked, role, identity);
    const access = (action: string): Access => ({
      action: `sts:${action}`,
      resource: asked.RoleArn,
      owner: role.account,
      context,
      policy: { name: `trust policy of ${role.name}`, document: role.trust, kind: 'trust' },
    });
    const tagged = asked.Tags.length > 0 || Object.keys(from.tags).length > 0;
    return [
      access('AssumeRole'),
      ...(tagged ? [access('TagSession')] : []),
      ...(identity === undefined ? [] : [access('SetSourceIdentity')]),
    ];
  },
  run: (asked, { world, caller }) => {
    const role = world.store.in(roles).get(asked.RoleArn) as Role;
    const from = inherited(caller);
    checkDuration(asked.DurationSeconds, role, caller.type === 'role-session');
    if (
      from.sourceIdentity !== undefined &&
      asked.SourceIdentity !== undefined &&
      asked.SourceIdentity !== from.sourceIdentity
    )
      throw new AwsError('AccessDenied', 'The source identity of a session cannot be changed.', 403);
    const managed = asked.PolicyArns.map(({ arn }) => requirePolicy({ world, account: role.account }, arn).document);
    const policies = [...(asked.Policy === undefined ? [] : [sessionPolicy(asked.Policy)]), ...managed];
    const identity = asked.SourceIdentity ?? from.sourceIdentity;
    const principal: SessionPrincipal = {
      ...sessionOf(role, asked.RoleSessionName),
      ...sessionTags(asked, from),
      issuedAt: world.clock.now(),
      ...(policies.length === 0 ? {} : { policies }),
      ...(identity === undefined ? {} : { sourceIdentity: identity }),
    };
    const issued = issueCredentials(world, principal, asked.DurationSeconds ?? 3600);
    return {
      AssumedRoleUser: { Arn: principal.arn, AssumedRoleId: principal.userId },
      Credentials: shownCredentials(issued),
      ...packedSize(asked),
      ...(identity === undefined ? {} : { SourceIdentity: identity }),
    };
  },
});

function requestContext(asked: Asked, role: Role, identity: string | undefined): NonNullable<Access['context']> {
  const tags = Object.fromEntries(asked.Tags.map(({ Key, Value }) => [Key, Value]));
  return {
    'sts:RoleSessionName': asked.RoleSessionName,
    ...(asked.ExternalId === undefined ? {} : { 'sts:ExternalId': asked.ExternalId }),
    ...(identity === undefined ? {} : { 'sts:SourceIdentity': identity }),
    ...(asked.TransitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': asked.TransitiveTagKeys }),
    ...(asked.Tags.length === 0 ? {} : { 'aws:TagKeys': Object.keys(tags), ...tagContext(tags, 'aws:RequestTag/') }),
    ...tagContext(role.tags, 'aws:ResourceTag/', 'iam:ResourceTag/'),
  };
}

function checkDuration(seconds: number | undefined, role: Role, chained: boolean): void {
  if (seconds === undefined) return;
  if (chained && seconds > 3600)
    throw new AwsError(
      'ValidationException',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  if (seconds > role.maxSessionSeconds)
    throw new AwsError(
      'ValidationException',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
}

const sessionOf = (role: Role, sessionName: string) =>
  ({
    type: 'role-session',
    account: role.account,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    roleArn: role.arn,
    userId: `${role.id}:${sessionName}`,
  }) as const;

/** Throws MalformedPolicyDocument. */
function sessionPolicy(text: string): unknown {
  parsePolicy(text, 'identity');
  return JSON.parse(text);
}

/** How much of what fits into a session its policies and tags take, in percent. */
function packedSize({ Policy = '', PolicyArns, Tags }: Asked): { PackedPolicySize?: number } {
  const characters =
    Policy.length +
    PolicyArns.reduce((sum, { arn }) => sum + arn.length, 0) +
    Tags.reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  return characters === 0 ? {} : { PackedPolicySize: Math.min(100, Math.ceil(characters / 40.96)) };
}

/** AWS does not tell a stranger whether a role exists: it says the same as for a refusal. */
const noSuchRole = (caller: string, arn: string) =>
  new AwsError('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${arn}`, 403);
