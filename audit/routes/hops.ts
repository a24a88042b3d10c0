import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { accountOf, type Permissions } from '../cloud/permissions.ts';
import { type Properties, textIn } from '../cloud/values.ts';
import { roleOf, startAction } from './actors.ts';
import type { Flight } from './flight.ts';
import { deliveryOf, type Guards } from './guards.ts';
import type { ReadRule } from './rules.ts';
import { wordsOf } from './texts.ts';
import type { Hop } from './types.ts';

/** Who EventBridge is in policies. */
export const eventBridge = 'events.amazonaws.com';

/** Makes the hops of routes, with what is missing at each. */
export class Hops {
  readonly #cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #guards: Guards;

  constructor(cloud: Cloud, permissions: Permissions, guards: Guards) {
    this.#cloud = cloud;
    this.#permissions = permissions;
    this.#guards = guards;
  }

  /** A rule and one of its targets. */
  rule({ resource, bus, disabled }: ReadRule, target: Properties): Hop {
    const { deadLetters, retry } = deliveryOf(target);
    const role = textIn(target['RoleArn']);
    const { account, name } = resource;
    const alarms = [...this.#guards.alarmsOn(account, 'RuleName', name), ...this.#guards.alarmsOnQueue(deadLetters)];
    return {
      ...this.#known('rule', resource),
      ...(role === undefined ? {} : { role }),
      ...(deadLetters === undefined ? {} : { deadLetters }),
      ...{ retry, alarms },
      missing: [
        ...(disabled ? [`rule ${name} is disabled`] : []),
        ...(bus.endsWith(':event-bus/default') || this.#cloud.at(bus)
          ? []
          : [`no template makes the bus of rule ${name}: ${bus}`]),
        ...this.#unassumable(resource, role),
      ],
    };
  }

  /** The bus that a rule forwards to. */
  forwardedTo(bus: string, { resource }: ReadRule, role: string | undefined, flight: Flight): Hop {
    if (role !== undefined) return this.bus(bus, role, flight);
    const crosses = accountOf(bus) !== resource.account;
    return {
      ...this.#bus(bus),
      missing: [
        ...this.#notMade(bus),
        ...(crosses ? [`rule ${resource.name} forwards to the bus of another account without a role`] : []),
      ],
    };
  }

  /** The bus that a role puts events on. */
  bus(bus: string, role: string, flight: Flight): Hop {
    const decisions = wordsOf(flight.source).flatMap((source) =>
      wordsOf(flight.detailType).map((detailType) => this.#permissions.mayPutEvents(role, bus, { source, detailType })),
    );
    const refused = decisions.find(({ allowed }) => !allowed);
    const allowed = decisions.find((decision) => decision.allowed);
    return {
      ...this.#bus(bus),
      ...(allowed ? { admittedBy: allowed.explanation } : {}),
      missing: [
        ...this.#notMade(bus),
        ...(refused ? [`${role} may not put these events on ${bus}: ${refused.explanation}`] : []),
      ],
    };
  }

  /** What a rule sets to work. */
  actor(resource: CloudResource, { resource: rule }: ReadRule, role: string | undefined): Hop {
    const isFunction = resource.type === 'AWS::Lambda::Function';
    const decision = isFunction
      ? this.#permissions.mayReach(eventBridge, 'lambda:InvokeFunction', resource.arn, rule.arn)
      : undefined;
    const own = roleOf(resource);
    const deadLetters = this.#guards.failuresOf(resource);
    return {
      ...this.#known('function', resource),
      ...(own === undefined ? {} : { role: own }),
      ...(deadLetters === undefined ? {} : { deadLetters }),
      ...(decision?.allowed === true ? { admittedBy: decision.explanation } : {}),
      alarms: [
        ...this.#guards.alarmsOn(resource.account, 'FunctionName', resource.name),
        ...this.#guards.alarmsOnQueue(deadLetters),
      ],
      missing: [
        ...(decision?.allowed === false
          ? [`rule ${rule.name} may not invoke ${resource.name}: ${decision.explanation}`]
          : []),
        ...(isFunction || role !== undefined
          ? []
          : [`rule ${rule.name} has no role to set ${resource.name} to work with`]),
        ...(own === undefined ? [`${resource.name} has no role`] : []),
      ],
    };
  }

  /** A pipeline that a role starts; without a role it is known only that nothing does. */
  pipeline(resource: CloudResource, role: string | undefined): Hop {
    const decision = role === undefined ? undefined : this.#permissions.may(role, startAction, resource.arn);
    return {
      ...this.#known('pipeline', resource),
      ...(decision?.allowed === true ? { admittedBy: decision.explanation } : {}),
      alarms: [],
      missing:
        decision?.allowed === false ? [`${role} may not start pipeline ${resource.name}: ${decision.explanation}`] : [],
    };
  }

  #known(kind: Hop['kind'], { stack, logicalId, account, name, arn }: CloudResource) {
    return { kind, stack, logicalId, account, name, arn, archives: [] };
  }

  #bus(arn: string): Omit<Hop, 'missing'> {
    const { stack = '', logicalId = '' } = this.#cloud.at(arn) ?? {};
    const name = arn.slice(arn.indexOf('event-bus/') + 'event-bus/'.length);
    const archives = this.#guards.archivesOf(arn);
    return { kind: 'bus', stack, logicalId, account: accountOf(arn), name, arn, alarms: [], archives };
  }

  #notMade(bus: string): readonly string[] {
    return bus.endsWith(':event-bus/default') || this.#cloud.at(bus) ? [] : [`no template makes the bus ${bus}`];
  }

  #unassumable({ name, arn }: CloudResource, role: string | undefined): readonly string[] {
    if (role === undefined) return [];
    if (this.#cloud.at(role) === undefined) return [`no template makes the role of rule ${name}: ${role}`];
    const decision = this.#permissions.mayAssume(role, eventBridge, arn);
    return decision.allowed ? [] : [`rule ${name} may not act as ${role}: ${decision.explanation}`];
  }
}
