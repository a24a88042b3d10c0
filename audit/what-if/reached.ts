import type { BranchMerged } from '../../events/branch-merged.ts';
import { branchMergedDetailType, branchMergedSource } from '../../events/branch-merged.ts';
import { match } from '../../languages/event-pattern/match.ts';
import { devopsBusName } from '../../shared/names.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { Permissions } from '../cloud/permissions.ts';
import { textIn } from '../cloud/values.ts';
import { followedBy, roleOf, startable } from '../routes/actors.ts';
import { routesOf } from '../routes/routes.ts';
import { type ReadRule, Rules } from '../routes/rules.ts';

/** A pipeline, as the trail and the templates both know it. */
export interface PipelineName {
  /** 12 digits. */
  readonly account: string;
  readonly pipeline: string;
}

/** An announcement of the past, as it lay on the DevOps account's bus. */
export interface PastMerge {
  readonly eventId: string;
  /** Who announced it, as AWS vouches. */
  readonly account: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly merge: BranchMerged;
}

/** More hops than this are taken for a circle. */
const mostHops = 20;

/** Plays announcements through the rules of templates, without anything but the templates. */
export class Reach {
  readonly #cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #rules = new Map<string, ReadRule[]>();
  readonly #working = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#permissions = new Permissions(cloud);
    for (const rule of new Rules(cloud).all) {
      if (rule.disabled) continue;
      const known = this.#rules.get(rule.bus);
      if (known) known.push(rule);
      else this.#rules.set(rule.bus, [rule]);
    }
    for (const { repository, branch, hops, broken } of routesOf(cloud, this.#permissions))
      if (broken.length === 0) this.#working.add([hops.at(-1)?.arn, repository, branch].join('\n'));
  }

  /**
   * The pipelines that a merge's announcement would reach, by exact matching of each rule's pattern with the event: those that follow its branch and whose
   * route has both halves. What a starter decides then (paths, freezes, evidence) is not part of it.
   */
  of({ eventId: id, account, occurredAt: time, merge }: PastMerge): readonly PipelineName[] {
    const event = {
      version: '0',
      id,
      account,
      time,
      resources: [],
      source: branchMergedSource,
      'detail-type': branchMergedDetailType,
      detail: merge,
    };
    const found = new Map<string, PipelineName>();
    const own = [...this.#rules.keys()].filter(
      (bus) => bus.includes(`:${account}:`) && bus.endsWith(`:event-bus/${devopsBusName}`),
    );
    for (const bus of own) this.#follow(bus, event, merge, found, 0);
    return [...found.values()];
  }

  #follow(bus: string, event: object, merge: BranchMerged, found: Map<string, PipelineName>, hops: number): void {
    if (hops > mostHops) return;
    for (const { pattern, targets } of this.#rules.get(bus) ?? []) {
      if (!match(pattern, event).matched) continue;
      for (const arn of targets.map(({ Arn }) => textIn(Arn) ?? '')) {
        if (arn.includes(':event-bus/')) this.#follow(arn, event, merge, found, hops + 1);
        else this.#start(arn, merge, found);
      }
    }
  }

  #start(arn: string, { repository, branch }: BranchMerged, found: Map<string, PipelineName>): void {
    const target = this.#cloud.at(arn);
    if (target === undefined) return;
    const role = roleOf(target);
    const pipelines =
      target.type === 'AWS::CodePipeline::Pipeline'
        ? [target]
        : role === undefined
          ? []
          : startable(role, this.#cloud, this.#permissions).map(({ pipeline }) => pipeline);
    for (const pipeline of pipelines) {
      const follows = followedBy(pipeline).some((each) => each.repository === repository && each.branch === branch);
      if (follows && this.#working.has([pipeline.arn, repository, branch].join('\n')))
        found.set(pipeline.arn, { account: pipeline.account, pipeline: pipeline.name });
    }
  }
}
