import { decide } from '../../../languages/iam-policy/decide.ts';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import type { NamedPolicy, Request } from '../../../languages/iam-policy/types.ts';
import type { Principal, SessionPrincipal } from '../../world/principal.ts';
import type { Place } from '../../world/service.ts';
import type { Judge, World } from '../../world/world.ts';
import { tagContext } from './find.ts';
import { type AttachedPolicy, managedPolicies, roles, users } from './tables.ts';

type Context = Record<string, string | readonly string[]>;

/** Decides one access from everything the world knows: the caller's policies, the resource's policy and the condition keys. */
export const judge: Judge = (world, caller, access, at) => {
  const owner = access.owner ?? at.account;
  const attached = caller.type === 'role-session' || caller.type === 'user' ? policiesOf(world, caller) : undefined;
  return decide(
    {
      principal: requestPrincipal(caller),
      action: access.action,
      resource: access.resource,
      resourceAccount: owner,
      context: { ...globalContext(world, caller, owner, at), ...access.context },
    },
    {
      identity: attached?.identity ?? [],
      ...(attached?.boundary === undefined ? {} : { boundary: attached.boundary }),
      ...(caller.type === 'role-session' && caller.policies !== undefined
        ? { session: caller.policies.map((document) => named('session policy', document)) }
        : {}),
      ...(access.policy === undefined
        ? {}
        : { resource: named(access.policy.name, access.policy.document), resourceKind: access.policy.kind ?? 'other' }),
    },
  );
};

/** Parsed documents by identity: policies are read on every call and change rarely. */
const parsed = new WeakMap<object, NamedPolicy>();

function named(name: string, document: unknown): NamedPolicy {
  const key = typeof document === 'object' && document !== null ? document : undefined;
  const known = key && parsed.get(key);
  if (known && known.name === name) return known;
  const policy = { name, document: parsePolicy(document) };
  if (key) parsed.set(key, policy);
  return policy;
}

function policiesOf(world: World, caller: Principal): { identity: NamedPolicy[]; boundary?: NamedPolicy } {
  const holder =
    caller.type === 'role-session'
      ? world.store.in(roles).get(caller.roleArn)
      : caller.type === 'user'
        ? world.store.in(users).get(caller.arn)
        : undefined;
  if (holder === undefined) return { identity: [] };
  const managed = (arn: string): NamedPolicy[] => {
    const policy = world.store.in(managedPolicies).get(arn);
    return policy === undefined ? [] : [named(arn, policy.document)];
  };
  const inline = Object.values<AttachedPolicy>(holder.inline).map((policy) =>
    named(`${policy.name} of ${holder.name}`, policy.document),
  );
  const [boundary] = holder.boundary === undefined ? [] : managed(holder.boundary);
  return { identity: [...inline, ...holder.managed.flatMap(managed)], ...(boundary === undefined ? {} : { boundary }) };
}

function requestPrincipal(caller: Principal): Request['principal'] {
  switch (caller.type) {
    case 'role-session':
      return { type: 'role-session', account: caller.account, arn: caller.arn, roleArn: caller.roleArn };
    case 'service':
      return { type: 'service', service: caller.service };
    case 'anonymous':
      return { type: 'anonymous' };
    default:
      return { type: caller.type, account: caller.account, arn: caller.arn };
  }
}

/** The global condition keys. Loopback stands for TLS: `aws:SecureTransport` is true. */
function globalContext(world: World, caller: Principal, owner: string, at: Place): Context {
  const now = world.clock.date();
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': at.region,
    'aws:ResourceAccount': owner,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    ...(world.organisationId === undefined ? {} : { 'aws:ResourceOrgID': world.organisationId }),
    ...callerContext(world, caller),
  };
}

function callerContext(world: World, caller: Principal): Context {
  if (caller.type === 'anonymous') return { 'aws:PrincipalType': 'Anonymous', 'aws:PrincipalIsAWSService': 'false' };
  if (caller.type === 'service') {
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': caller.service,
      ...(caller.sourceArn === undefined ? {} : { 'aws:SourceArn': caller.sourceArn }),
      ...(caller.sourceAccount === undefined ? {} : { 'aws:SourceAccount': caller.sourceAccount }),
      ...(caller.sourceAccount === undefined || world.organisationId === undefined
        ? {}
        : { 'aws:SourceOrgID': world.organisationId }),
    };
  }
  return {
    'aws:PrincipalArn': caller.type === 'role-session' ? caller.roleArn : caller.arn,
    'aws:PrincipalAccount': caller.account,
    'kms:CallerAccount': caller.account,
    'aws:PrincipalType': { user: 'User', 'role-session': 'AssumedRole', root: 'Account' }[caller.type],
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': caller.type === 'root' ? caller.account : caller.userId,
    ...(world.organisationId === undefined ? {} : { 'aws:PrincipalOrgID': world.organisationId }),
    ...(caller.type === 'user' ? { 'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1) } : {}),
    ...(caller.type === 'role-session' ? sessionContext(world, caller) : {}),
  };
}

/** A session's tags stand above its role's. */
function sessionContext(world: World, { roleArn, tags, sourceIdentity, issuedAt }: SessionPrincipal): Context {
  const all = { ...world.store.in(roles).get(roleArn)?.tags, ...tags };
  return {
    ...tagContext(all, 'aws:PrincipalTag/'),
    ...(sourceIdentity === undefined ? {} : { 'aws:SourceIdentity': sourceIdentity }),
    ...(issuedAt === undefined ? {} : { 'aws:TokenIssueTime': new Date(issuedAt).toISOString() }),
  };
}
