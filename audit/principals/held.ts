import { parsePolicy } from '../../languages/iam-policy/parse.ts';
import type { NamedPolicy, Statement } from '../../languages/iam-policy/types.ts';
import { globMatches, globOf } from '../../languages/iam-policy/wildcard.ts';
import { Fault } from '../../shared/fault.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import type { Permissions } from '../cloud/permissions.ts';
import { listIn, textIn } from '../cloud/values.ts';

/** A statement with the policy it stands in; counted from 0. */
export interface Placed {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly index: number;
}

/** A statement as people name it. */
export const placeText = ({ policy, statement, index }: Placed): string => {
  if (statement.sid) return `statement ${statement.sid} of ${policy.name}`;
  return policy.document.statements.length === 1 ? policy.name : `statement ${index + 1} of ${policy.name}`;
};

/** The statements of policies, with their places. */
export const placesIn = (policies: readonly NamedPolicy[]): readonly Placed[] =>
  policies.flatMap((policy) => policy.document.statements.map((statement, index) => ({ policy, statement, index })));

/** Whether a statement is about an action; AWS does not mind the case of actions. */
export function concerns({ actions, notActions }: Statement, action: string): boolean {
  const asked = action.toLowerCase();
  const covers = (pattern: string): boolean => {
    const written = pattern.toLowerCase();
    return written === asked || (/[*?]/.test(written) && globMatches(globOf(written), asked));
  };
  return actions ? actions.some(covers) : !(notActions ?? []).some(covers);
}

/** AWS's own policies whose texts are known here. Source: the AWS managed policy reference. */
const awsPolicies: Readonly<Record<string, readonly string[] | { readonly NotAction: readonly string[] }>> = {
  AdministratorAccess: ['*'],
  PowerUserAccess: { NotAction: ['iam:*', 'organizations:*', 'account:*'] },
  AmazonEventBridgeFullAccess: ['events:*', 'schemas:*', 'scheduler:*', 'pipes:*'],
  CloudWatchEventsFullAccess: ['events:*'],
  AWSCodePipeline_FullAccess: ['codepipeline:*'],
  AWSLambda_FullAccess: ['lambda:*'],
  'service-role/AWSLambdaBasicExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  'service-role/AWSLambdaVPCAccessExecutionRole': ['logs:*', 'ec2:*'],
  AWSXRayDaemonWriteAccess: ['xray:*'],
};

/** The policies of roles, also those that are attached by ARN, and who holds an action. */
export class Held {
  readonly #cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #identities = new Map<string, readonly NamedPolicy[]>();
  readonly #actions = new Map<string, Holders>();
  #named: ReadonlyMap<string, NamedPolicy> | undefined;

  constructor(cloud: Cloud, permissions: Permissions) {
    this.#cloud = cloud;
    this.#permissions = permissions;
  }

  /** All that a role's own policies say. Throws ClaimUndecided for an attached policy whose text is not known. */
  identityOf(role: CloudResource): readonly NamedPolicy[] {
    const known = this.#identities.get(role.arn);
    if (known) return known;
    const attached = listIn(role.properties['ManagedPolicyArns']).map((arn) => this.#managed(textIn(arn) ?? '', role));
    const own = this.#permissions.identityOf(role.arn);
    const identity = attached.length === 0 ? own : [...own, ...attached.filter((policy) => !own.includes(policy))];
    this.#identities.set(role.arn, identity);
    return identity;
  }

  /** The policy that limits a role. */
  boundaryOf(role: CloudResource): NamedPolicy | undefined {
    const arn = textIn(role.properties['PermissionsBoundary']);
    return arn === undefined ? undefined : this.#managed(arn, role);
  }

  /** Roles with a statement that allows an action, perhaps under conditions, on a resource: more than those that are allowed. */
  allowing(action: string, resource: string): readonly CloudResource[] {
    const known = this.#actions.get(action) ?? new Holders();
    if (!this.#actions.has(action)) {
      this.#actions.set(action, known);
      for (const role of this.#cloud.ofType('AWS::IAM::Role'))
        for (const { statement } of placesIn(this.identityOf(role)))
          if (statement.effect === 'Allow' && concerns(statement, action)) known.add(role, statement);
    }
    return known.on(resource);
  }

  #managed(arn: string, role: CloudResource): NamedPolicy {
    this.#named ??= new Map(
      this.#permissions.all.flatMap(({ written, policy }) =>
        written.type === 'AWS::IAM::ManagedPolicy' ? [[written.arn, policy] as const] : [],
      ),
    );
    const own = this.#named.get(arn);
    if (own) return own;
    const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '';
    const allowed = Object.hasOwn(awsPolicies, name) ? awsPolicies[name] : undefined;
    if (allowed === undefined)
      throw new Fault(
        'ClaimUndecided',
        `role ${role.name} (${role.stack}/${role.logicalId}) holds the policy ${arn}, whose text is not known`,
      );
    const actions = 'NotAction' in allowed ? allowed : { Action: allowed };
    const document = parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...actions, Resource: '*' } });
    return { name: `${arn} of ${role.name}`, document };
  }
}

/** Roles by what their statements name; those with wildcards apart. */
class Holders {
  readonly #exact = new Map<string, Set<CloudResource>>();
  readonly #loose: { readonly role: CloudResource; readonly glob: string | undefined }[] = [];

  add(role: CloudResource, { resources }: Statement): void {
    for (const resource of resources ?? ['*'])
      if (/[*?]|\$\{/.test(resource))
        this.#loose.push({ role, glob: resource.includes('${') ? undefined : globOf(resource) });
      else this.#exact.set(resource, (this.#exact.get(resource) ?? new Set()).add(role));
  }

  on(resource: string): readonly CloudResource[] {
    const found = new Set(this.#exact.get(resource));
    for (const { role, glob } of this.#loose) if (glob === undefined || globMatches(glob, resource)) found.add(role);
    return [...found];
  }
}
