import type { NamedPolicy, Statement } from '../../languages/iam-policy/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { accountOf, type Permissions } from '../cloud/permissions.ts';
import { Held } from './held.ts';
import { outsiders, type Person, rolePerson, type Surroundings, servicesIn } from './people.ts';
import { type Asked, namedBy, type Way, waysOf } from './ways.ts';

/** What an event is put with: who puts it chooses these values. */
export const eventKeys: ReadonlySet<string> = new Set(['events:source', 'events:detail-type']);

/**
 * Who may do what, over everybody: the roles of the templates, whom policies name, services, and anyone else of every account that a policy
 * tells apart. Not told are a resource's own account's administrators and whom they let: nothing in these templates keeps them from anything.
 */
export class Principals {
  readonly cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #held: Held;
  readonly #organisation: string | undefined;
  readonly #ways = new Map<string, readonly Way[]>();
  #roles: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(cloud: Cloud, permissions: Permissions, organisation?: string) {
    this.cloud = cloud;
    this.#permissions = permissions;
    this.#held = new Held(cloud, permissions);
    this.#organisation = organisation;
  }

  /** Who may start a pipeline, or do something else with it: pipelines have no policies of their own. */
  onPipeline(pipeline: CloudResource, action: string): readonly Way[] {
    return this.#all({ action, resource: pipeline.arn, account: pipeline.account, policies: [] });
  }

  /** Who may act as a role. */
  assuming(role: CloudResource): readonly Way[] {
    return this.#all(this.onRole(role));
  }

  /** What acting as a role asks. */
  onRole({ arn, account }: CloudResource): Asked {
    const trust = this.#permissions.policiesOn(arn).filter(({ kind }) => kind === 'trust');
    return {
      action: 'sts:AssumeRole',
      resource: arn,
      account,
      kind: 'trust',
      policies: trust.map(({ policy }) => policy),
    };
  }

  /** Who may put which events on a bus; the ways are still to be held against the events in question. */
  putting(bus: string): readonly Way[] {
    return this.#all(this.onBus(bus));
  }

  /** What putting events on a bus asks. */
  onBus(bus: string): Asked {
    return {
      action: 'events:PutEvents',
      resource: bus,
      account: accountOf(bus),
      open: eventKeys,
      policies: this.#policiesOn(bus),
    };
  }

  /** Who may set a function to work. */
  invoking(functionArn: string): readonly Way[] {
    return this.#all({
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      account: accountOf(functionArn),
      policies: this.#policiesOn(functionArn),
    });
  }

  /** Who may do something else; resource policies of buses, functions and roles are asked too. */
  doing(action: string, resource: string): readonly Way[] {
    const policies = resource.includes(':iam:') ? [] : this.#policiesOn(resource);
    return this.#all({ action, resource, account: accountOf(resource), policies });
  }

  #policiesOn(arn: string): readonly NamedPolicy[] {
    return this.#permissions.policiesOn(arn).map(({ policy }) => policy);
  }

  #all(asked: Asked): readonly Way[] {
    const key = `${asked.action} ${asked.resource}`;
    const known = this.#ways.get(key);
    if (known) return known;
    const named = namedBy(asked);
    const found = this.#people(asked).flatMap((person) => waysOf(person, asked, named));
    this.#ways.set(key, found);
    return found;
  }

  #people({ action, resource, account, policies, kind }: Asked): readonly Person[] {
    const statements = policies.flatMap(({ document }) => document.statements);
    const at = this.#surroundings(account, resource, statements);
    const roles = new Set(this.#held.allowing(action, resource));
    for (const statement of statements) for (const role of this.#grantedBy(statement, account)) roles.add(role);
    return [
      ...[...roles].map((role) => rolePerson(role, this.#held.identityOf(role), this.#held.boundaryOf(role), at)),
      ...outsiders(statements, at, this.cloud, kind === 'trust'),
      ...servicesIn(statements, at),
    ];
  }

  /** Roles of the own account that need no policy of their own. */
  #grantedBy({ effect, principals }: Statement, account: string): readonly CloudResource[] {
    if (effect !== 'Allow' || principals === undefined) return [];
    const named = principals.aws
      .flatMap((arn) => this.cloud.at(arn) ?? [])
      .filter((each) => each.type === 'AWS::IAM::Role');
    const all = principals.anyone ? this.cloud.ofType('AWS::IAM::Role') : [];
    return [...named, ...all].filter((role) => role.account === account);
  }

  #rolesOf(account: string): ReadonlySet<string> | undefined {
    this.#roles ??= this.#indexRoles();
    return this.#roles.get(account);
  }

  #indexRoles(): ReadonlyMap<string, ReadonlySet<string>> {
    const found = new Map<string, Set<string>>();
    for (const { account, arn } of this.cloud.ofType('AWS::IAM::Role'))
      found.set(account, (found.get(account) ?? new Set<string>()).add(arn));
    return found;
  }

  /** Templates do not say to which organisation their accounts belong: it is the one that the assembly names, or the policy asks for. */
  #surroundings(account: string, resource: string, statements: readonly Statement[]): Surroundings {
    const asked = statements
      .flatMap(({ conditions }) => conditions)
      .find(({ key }) => key.toLowerCase() === 'aws:principalorgid')?.values[0];
    const organisation = this.#organisation ?? asked;
    const region = resource.split(':')[3] ?? '';
    const rolesOf = (of: string): ReadonlySet<string> | undefined => this.#rolesOf(of);
    return { account, region, rolesOf, ...(organisation === undefined ? {} : { organisation }) };
  }
}
