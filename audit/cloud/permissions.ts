import { decide } from '../../languages/iam-policy/decide.ts';
import type { Decision, NamedPolicy, Policies, Request, Statement } from '../../languages/iam-policy/types.ts';
import type { Cloud } from './cloud.ts';
import { type HeldPolicy, policiesOf, policyTypes } from './policies.ts';

/** An event as policies see it. */
export interface SentEvent {
  readonly source: string;
  readonly detailType: string;
}

/** Who may do what in a cloud, by its templates alone: what is not written there (other policies of the organisation) is not asked. */
export class Permissions {
  readonly #cloud: Cloud;
  /** By the service of their types, read when first asked for. */
  readonly #read = new Map<string, readonly HeldPolicy[]>();
  readonly #indexes = new Map<string, ReadonlyMap<string, readonly HeldPolicy[]>>();
  readonly #joined = new Map<string, NamedPolicy | undefined>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Every policy. */
  get all(): readonly HeldPolicy[] {
    return Object.keys(policyTypes).flatMap((service) => this.#of(service));
  }

  /** What a role's own policies say. */
  identityOf(roleArn: string): readonly NamedPolicy[] {
    return this.#on('iam', roleArn).flatMap(({ kind, policy }) => (kind === 'identity' ? [policy] : []));
  }

  /** The resource policies that hang on a resource. */
  policiesOn(arn: string): readonly HeldPolicy[] {
    return this.#on(arn.split(':')[2] ?? '', arn);
  }

  #of(service: string): readonly HeldPolicy[] {
    const known = this.#read.get(service) ?? policiesOf(this.#cloud, policyTypes[service] ?? []);
    this.#read.set(service, known);
    return known;
  }

  #on(service: string, arn: string): readonly HeldPolicy[] {
    const index = this.#indexes.get(service) ?? indexed(this.#of(service));
    this.#indexes.set(service, index);
    return index.get(arn) ?? [];
  }

  /** Whether a service may take a role on behalf of a rule or schedule. */
  mayAssume(roleArn: string, service: string, sourceArn: string): Decision {
    const request = serviceRequest(service, 'sts:AssumeRole', roleArn, sourceArn);
    const trust = this.#on('iam', roleArn).find(({ kind }) => kind === 'trust');
    return decide(request, { identity: [], resourceKind: 'trust', ...(trust ? { resource: trust.policy } : {}) });
  }

  /** Whether a service may act on a resource (send to a queue, invoke a function) on behalf of a rule or schedule. */
  mayReach(service: string, action: string, arn: string, sourceArn: string): Decision {
    return decide(serviceRequest(service, action, arn, sourceArn), { identity: [], ...this.#resource(arn) });
  }

  /** Whether a role may put an event on a bus: its own policies, and the bus's where the accounts differ. */
  mayPutEvents(roleArn: string, bus: string, { source, detailType }: SentEvent): Decision {
    const on = this.#resource(bus);
    const context = { 'events:source': source, 'events:detail-type': detailType, ...organisationIn(on.resource) };
    return decide(roleRequest(roleArn, 'events:PutEvents', bus, context), {
      identity: this.identityOf(roleArn),
      ...on,
    });
  }

  /** Whether a role's own policies let it do something in its account. */
  may(roleArn: string, action: string, arn: string): Decision {
    return decide(roleRequest(roleArn, action, arn, {}), { identity: this.identityOf(roleArn) });
  }

  /** All that hangs on a resource as one policy, as services keep it. */
  #resource(arn: string): Pick<Policies, 'resource'> {
    if (!this.#joined.has(arn)) this.#joined.set(arn, joined(this.policiesOn(arn)));
    const resource = this.#joined.get(arn);
    return resource === undefined ? {} : { resource };
  }
}

function joined(found: readonly HeldPolicy[]): NamedPolicy | undefined {
  if (found.length === 0) return undefined;
  const statements: Statement[] = found.flatMap(({ policy }) => policy.document.statements);
  return { name: found.map(({ policy }) => policy.name).join(', '), document: { statements } };
}

function indexed(policies: readonly HeldPolicy[]): ReadonlyMap<string, readonly HeldPolicy[]> {
  const index = new Map<string, HeldPolicy[]>();
  for (const each of policies)
    for (const holder of each.holders) {
      const known = index.get(holder);
      if (known) known.push(each);
      else index.set(holder, [each]);
    }
  return index;
}

/** The account of an ARN; empty where it has none. */
export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

function serviceRequest(service: string, action: string, arn: string, sourceArn: string): Request {
  const context = {
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': accountOf(sourceArn),
    'aws:SecureTransport': 'true',
  };
  return { principal: { type: 'service', service }, action, resource: arn, resourceAccount: accountOf(arn), context };
}

function roleRequest(roleArn: string, action: string, arn: string, context: Request['context']): Request {
  const account = accountOf(roleArn);
  const session = `arn:aws:sts::${account}:assumed-role/${roleArn.split('/').at(-1) ?? ''}/session`;
  return {
    principal: { type: 'role-session', account, arn: session, roleArn },
    action,
    resource: arn,
    resourceAccount: accountOf(arn),
    context: {
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalAccount': account,
      'aws:SecureTransport': 'true',
      ...context,
    },
  };
}

/** Templates do not say to which organisation their accounts belong: those of one assembly belong to the one that the policy asks for. */
function organisationIn(policy: NamedPolicy | undefined): Request['context'] {
  const asked = policy?.document.statements
    .flatMap(({ conditions }) => conditions)
    .find(({ key }) => key.toLowerCase() === 'aws:principalorgid')?.values[0];
  return asked === undefined ? {} : { 'aws:PrincipalOrgID': asked };
}
