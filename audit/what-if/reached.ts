import type { BranchMerged } from '../../events/branch-merged.ts';
import { branchMergedDetailType, branchMergedSource } from '../../events/branch-merged.ts';
import { match } from '../../languages/event-pattern/match.ts';
import { devopsBusName } from '../../shared/names.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { Permissions } from '../cloud/permissions.ts';
import { textIn } from '../cloud/values.ts';
import { followedBy, roleOf, startable } from '../routes/actors.ts';
import type { Flight } from '../routes/flight.ts';
import { mostHops, routesOf } from '../routes/routes.ts';
import { Rules } from '../routes/rules.ts';
import { exactly } from '../routes/texts.ts';

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

/** An announcement on its way: whole, and as the index of rules asks for it. */
interface Sent {
  readonly event: object;
  readonly flight: Flight;
  readonly merge: BranchMerged;
}

/** Plays announcements through the rules of templates, without anything but the templates. */
export class Reach {
  readonly #cloud: Cloud;
  readonly #permissions: Permissions;
  readonly #rules: Rules;
  readonly #working = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#permissions = new Permissions(cloud);
    this.#rules = new Rules(cloud);
    for (const { repository, branch, hops, broken } of routesOf(cloud, this.#permissions))
      if (broken.length === 0) this.#working.add([hops.at(-1)?.arn, repository, branch].join('\n'));
  }

  /**
   * The pipelines that a merge's announcement would reach, by exact matching of each rule's pattern with the event: those that follow its branch and whose
   * route has both halves. What a starter decides then (paths, freezes, evidence) is not part of it.
   */
  of({ eventId: id, account, occurredAt: time, merge }: PastMerge): readonly PipelineName[] {
    const found = new Map<string, PipelineName>();
    const flight: Flight = {
      source: exactly(branchMergedSource),
      detailType: exactly(branchMergedDetailType),
      account: exactly(account),
      repository: exactly(merge.repository),
      branch: exactly(merge.branch),
    };
    for (const bus of new Set(this.#rules.all.map((rule) => rule.bus))) {
      const [, , , region, owner] = bus.split(':');
      if (owner !== account || !bus.endsWith(`:event-bus/${devopsBusName}`)) continue;
      const event = {
        ...{ version: '0', id, account, time, region, resources: [] },
        ...{ source: branchMergedSource, 'detail-type': branchMergedDetailType, detail: merge },
      };
      this.#follow(bus, { event, flight, merge }, found, 0);
    }
    return [...found.values()];
  }

  #follow(bus: string, sent: Sent, found: Map<string, PipelineName>, hops: number): void {
    if (hops > mostHops) return;
    for (const { pattern, disabled, targets } of this.#rules.candidates(bus, sent.flight)) {
      if (disabled || !match(pattern, sent.event).matched) continue;
      for (const arn of targets.map(({ Arn }) => textIn(Arn) ?? '')) {
        if (arn.includes(':event-bus/')) this.#follow(arn, sent, found, hops + 1);
        else this.#start(arn, sent.merge, found);
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
