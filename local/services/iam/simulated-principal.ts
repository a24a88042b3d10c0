import { type PolicyPlace, parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { textOf } from './documents.ts';
import { requireRole, requireUser, tagContext } from './find.ts';
import type { Simulation, Source } from './simulation.ts';
import { statementSpans } from './statement-spans.ts';
import { managedPolicies, type Role, type User } from './tables.ts';

/** Reads a policy text of a simulation's input. Throws InvalidInput. */
export function sourceOf(id: string, text: string, place: PolicyPlace): Source {
  try {
    return { id, policy: { name: id, document: parsePolicy(text, place) }, spans: statementSpans(text) };
  } catch (error) {
    if (error instanceof Fault) throw new AwsError('InvalidInput', `${id}: ${error.message}`);
    throw error;
  }
}

/** An identity with everything that IAM itself knows of its requests. Throws NoSuchEntity, and InvalidInput for what is no user or role. */
export function principalOf(call: Call, arn: string): Known {
  const [, account, kind, path = ''] = /^arn:aws:iam::(\d{12}):(user|role)\/(.+)$/.exec(arn) ?? [];
  const name = path.split('/').pop() ?? '';
  if (account === undefined)
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${arn} does not identify a user or role.`);
  const asking = { world: call.world, account };
  return kind === 'user' ? userOf(call, requireUser(asking, name)) : roleOf(call, requireRole(asking, name));
}

type Known = Pick<Simulation, 'principal' | 'context' | 'identity' | 'boundary'>;

const userOf = (call: Call, user: User): Known => ({
  ...attachedSources(call, user, 'user'),
  principal: { type: 'user', account: user.account, arn: user.arn },
  context: {
    'aws:PrincipalArn': user.arn,
    'aws:PrincipalAccount': user.account,
    'aws:PrincipalType': 'User',
    'aws:userid': user.id,
    'aws:username': user.name,
  },
});

const roleOf = (call: Call, role: Role): Known => ({
  ...attachedSources(call, role, 'role'),
  principal: {
    type: 'role-session',
    account: role.account,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/simulation`,
    roleArn: role.arn,
  },
  context: {
    'aws:PrincipalArn': role.arn,
    'aws:PrincipalAccount': role.account,
    'aws:PrincipalType': 'AssumedRole',
    ...tagContext(role.tags, 'aws:PrincipalTag/'),
  },
});

function attachedSources(call: Call, holder: Role | User, kind: string): Pick<Simulation, 'identity' | 'boundary'> {
  const managed = (arn: string): Source[] => {
    const policy = call.world.store.in(managedPolicies).get(arn);
    if (policy === undefined) return [];
    const version = policy.versions?.find(({ id }) => id === (policy.defaultVersion ?? 'v1')) ?? policy;
    return [sourceOf(arn.slice(arn.lastIndexOf('/') + 1), textOf(version), 'identity')];
  };
  const inline = Object.values(holder.inline).map((policy) =>
    sourceOf(`${kind}_${holder.name}_${policy.name}`, textOf(policy), 'identity'),
  );
  const [boundary] = holder.boundary === undefined ? [] : managed(holder.boundary);
  return { identity: [...inline, ...holder.managed.flatMap(managed)], ...(boundary === undefined ? {} : { boundary }) };
}
