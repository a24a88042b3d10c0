import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { listIn, objectIn, type Properties, textIn } from '../cloud/values.ts';
import { actorRoles, roleOf } from '../routes/actors.ts';
import type { ReadRule, Rules } from '../routes/rules.ts';

/** The service that acts for a type of resource. */
const services: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda.amazonaws.com',
  'AWS::StepFunctions::StateMachine': 'states.amazonaws.com',
  'AWS::CodeBuild::Project': 'codebuild.amazonaws.com',
  'AWS::Events::Rule': 'events.amazonaws.com',
  'AWS::Scheduler::Schedule': 'scheduler.amazonaws.com',
  'AWS::CodePipeline::Pipeline': 'codepipeline.amazonaws.com',
};

const rolesIn = (holders: readonly unknown[]): readonly string[] =>
  holders.flatMap((holder) => textIn(objectIn(holder)['RoleArn']) ?? []);

const roles: Readonly<Record<string, (properties: Properties) => readonly string[]>> = {
  'AWS::Events::Rule': ({ Targets }) => rolesIn(listIn(Targets)),
  'AWS::Scheduler::Schedule': ({ Target }) => rolesIn([Target]),
  'AWS::CodePipeline::Pipeline': (pipeline) => rolesIn([pipeline]),
};

/** What acts as which role, and which rules set what to work. */
export class Uses {
  readonly #cloud: Cloud;
  readonly #rules: Rules;
  #byRole: ReadonlyMap<string, readonly CloudResource[]> | undefined;
  #byTarget: ReadonlyMap<string, readonly ReadRule[]> | undefined;
  #byArn: ReadonlyMap<string, ReadRule> | undefined;

  constructor(cloud: Cloud, rules: Rules) {
    this.#cloud = cloud;
    this.#rules = rules;
  }

  /** What a service acts as a role for. */
  of(role: string, service: string): readonly CloudResource[] {
    this.#byRole ??= this.#indexRoles();
    return (this.#byRole.get(role) ?? []).filter(({ type }) => services[type] === service);
  }

  /** The rules that have a function as a target. */
  rulesFor(target: string): readonly ReadRule[] {
    this.#byTarget ??= grouped(
      this.#rules.all.flatMap((rule) => rule.targets.map(({ Arn }) => [textIn(Arn) ?? '', rule] as const)),
    );
    return [...new Set(this.#byTarget.get(target))];
  }

  /** A rule that takes events, by its ARN. */
  rule(arn: string): ReadRule | undefined {
    this.#byArn ??= new Map(this.#rules.all.map((rule) => [rule.resource.arn, rule]));
    return this.#byArn.get(arn);
  }

  /** Whether a rule has a target. */
  targets({ targets }: ReadRule, arn: string): boolean {
    return targets.some(({ Arn }) => textIn(Arn) === arn);
  }

  #indexRoles(): ReadonlyMap<string, readonly CloudResource[]> {
    const holders = Object.entries(roles).flatMap(([type, read]) =>
      this.#cloud.ofType(type).flatMap((each) => read(each.properties).map((role) => [role, each] as const)),
    );
    const actors = Object.keys(actorRoles).flatMap((type) =>
      this.#cloud.ofType(type).map((each) => [roleOf(each) ?? '', each] as const),
    );
    return grouped([...holders, ...actors]);
  }
}

/** Items by their keys, in their order. */
export function grouped<Item>(pairs: readonly (readonly [string, Item])[]): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const [key, item] of pairs) {
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
