import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { Permissions } from '../cloud/permissions.ts';
import { type Properties, textIn } from '../cloud/values.ts';
import { actorRoles, emissionsOf, followedBy, roleOf, startable } from './actors.ts';
import { type Flight, mergeFlight, takesMerges, through } from './flight.ts';
import { Guards } from './guards.ts';
import { Hops } from './hops.ts';
import { type ReadRule, Rules } from './rules.ts';
import { exactly, mayBe, wordsOf } from './texts.ts';
import type { Hop, Route } from './types.ts';

/**
 * Every path from repository and branch to pipeline over all stacks, working or broken: from the rules on default buses that take CodeCommit's
 * merges, over buses and over what functions may put and start by their roles' policies. A pipeline that follows a branch and that nothing
 * reaches is a broken route of its own, unless it polls. Sorted by repository, branch and pipeline.
 */
export function routesOf(cloud: Cloud, permissions: Permissions = new Permissions(cloud)): readonly Route[] {
  const walk = new Walk(cloud, permissions);
  walk.all();
  return [...walk.found.values()].sort(byName);
}

const byName = (one: Route, other: Route): number => {
  const [a, b] = [one, other].map(({ repository, branch, pipeline = '' }) => `${repository}\n${branch}\n${pipeline}`);
  return a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1;
};

/** More hops than this are taken for a circle. */
export const mostHops = 20;

class Walk {
  readonly found = new Map<string, Route>();
  readonly #cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #rules: Rules;
  readonly #hops: Hops;
  readonly #ruleHops = new Map<Properties, Hop>();

  constructor(cloud: Cloud, permissions: Permissions) {
    this.#cloud = cloud;
    this.#permissions = permissions;
    this.#rules = new Rules(cloud);
    this.#hops = new Hops(cloud, permissions, new Guards(cloud));
  }

  all(): void {
    for (const rule of this.#rules.all)
      if (rule.bus.endsWith(':event-bus/default') && takesMerges(rule.pattern))
        for (const flight of through(rule.pattern, mergeFlight(rule.resource.account)))
          this.#followRule(rule, flight, []);
    this.#addUnreached();
  }

  #followRule(rule: ReadRule, flight: Flight, before: readonly Hop[]): void {
    for (const target of rule.targets) {
      const arn = textIn(target['Arn']) ?? '';
      const role = textIn(target['RoleArn']);
      const known = this.#ruleHops.get(target) ?? this.#hops.rule(rule, target);
      this.#ruleHops.set(target, known);
      if (/^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//.test(arn)) {
        this.#forward(rule, arn, role, flight, [...before, secondForward(known, before, arn)]);
        continue;
      }
      const resource = this.#cloud.at(arn);
      if (resource?.type === 'AWS::CodePipeline::Pipeline') {
        const noRole =
          role === undefined ? [`rule ${rule.resource.name} has no role to start ${resource.name} with`] : [];
        const hop = this.#hops.pipeline(resource, role);
        this.#arrive(resource, flight, [...before, known, { ...hop, missing: [...hop.missing, ...noRole] }]);
      } else if (resource !== undefined && resource.type in actorRoles)
        this.#act(resource, flight, [...before, known, this.#hops.actor(resource, rule, role)]);
      else if (arn.startsWith('arn:aws:lambda:'))
        this.#end(flight, [...before, known], `no template makes the function ${arn}`);
    }
  }

  #forward(rule: ReadRule, bus: string, role: string | undefined, flight: Flight, before: readonly Hop[]): void {
    const hops = [...before, this.#hops.forwardedTo(bus, rule, role, flight)];
    if (!this.#followBus(bus, flight, hops))
      this.#end(flight, hops, `no rule on ${bus} takes what rule ${rule.resource.name} forwards`);
  }

  /** Whether some rule takes the events. */
  #followBus(bus: string, flight: Flight, hops: readonly Hop[]): boolean {
    let taken = false;
    for (const rule of this.#rules.candidates(bus, flight))
      for (const left of through(rule.pattern, flight)) {
        taken = true;
        if (hops.length < mostHops && !hops.some(({ arn }) => arn === rule.resource.arn))
          this.#followRule(rule, left, hops);
      }
    return taken;
  }

  /** Whether some rule that takes the events has a target that does something with them: what only goes to logs is no route. */
  #leadsOn(bus: string, flight: Flight): boolean {
    for (const { pattern, targets } of this.#rules.candidates(bus, flight))
      if (
        targets.some(({ Arn }) => !/^arn:[^:]+:(logs|sqs|sns):/.test(textIn(Arn) ?? '')) &&
        through(pattern, flight).length > 0
      )
        return true;
    return false;
  }

  #act(actor: CloudResource, flight: Flight, hops: readonly Hop[]): void {
    const role = roleOf(actor);
    if (role === undefined) return;
    for (const { pipeline } of startable(role, this.#cloud, this.#permissions))
      this.#arrive(pipeline, flight, [...hops, this.#hops.pipeline(pipeline, role)]);
    for (const { bus, source, detailType } of emissionsOf(role, this.#cloud, this.#permissions)) {
      const sent: Flight = { ...flight, source, detailType, account: exactly(actor.account) };
      if (this.#leadsOn(bus, sent)) this.#followBus(bus, sent, [...hops, this.#hops.bus(bus, role, sent)]);
    }
  }

  /** A pipeline runs for the branches that it follows; one that follows none of those that come runs for all of them. */
  #arrive(pipeline: CloudResource, { repository, branch }: Flight, hops: readonly Hop[]): void {
    const followed = followedBy(pipeline).filter(
      (each) => mayBe(repository, each.repository) && mayBe(branch, each.branch),
    );
    const all = [{ repository: wordsOf(repository).join(', '), branch: wordsOf(branch).join(', ') }];
    for (const each of followed.length > 0 ? followed : all)
      this.#add({
        repository: each.repository,
        branch: each.branch,
        pipeline: pipeline.name,
        hops,
        broken: missingIn(hops),
      });
  }

  #end({ repository, branch }: Flight, hops: readonly Hop[], reason: string): void {
    const [repositories, branches] = [repository, branch].map((texts) => wordsOf(texts).join(', '));
    this.#add({ repository: repositories ?? '', branch: branches ?? '', hops, broken: [...missingIn(hops), reason] });
  }

  #add(route: Route): void {
    this.found.set([route.repository, route.branch, ...route.hops.map(({ arn }) => arn)].join('\n'), route);
  }

  #addUnreached(): void {
    const reached = new Set(
      [...this.found.values()].map(({ repository, branch, hops }) => [repository, branch, hops.at(-1)?.arn].join('\n')),
    );
    for (const pipeline of this.#cloud.ofType('AWS::CodePipeline::Pipeline'))
      for (const { repository, branch, polls } of followedBy(pipeline)) {
        if (reached.has([repository, branch, pipeline.arn].join('\n')) && !polls) continue;
        const broken = polls ? [] : [`nothing tells pipeline ${pipeline.name} of merges to ${branch} of ${repository}`];
        this.#add({
          repository,
          branch,
          pipeline: pipeline.name,
          hops: [this.#hops.pipeline(pipeline, undefined)],
          broken,
        });
      }
  }
}

const missingIn = (hops: readonly Hop[]): readonly string[] => hops.flatMap(({ missing }) => missing);

/** AWS does not pass on to a third account what came from another one. Source: facts 2.5. */
function secondForward(rule: Hop, before: readonly Hop[], bus: string): Hop {
  const cameByForwarding =
    before.at(-1)?.kind === 'bus' && before.at(-2)?.kind === 'rule' && before.at(-2)?.account !== rule.account;
  const leaves = !bus.includes(`:${rule.account}:`);
  return cameByForwarding && leaves
    ? {
        ...rule,
        missing: [
          ...rule.missing,
          `EventBridge does not forward to a third account what rule ${rule.name} got from another`,
        ],
      }
    : rule;
}
