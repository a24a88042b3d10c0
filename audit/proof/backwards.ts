import { parsePattern } from '../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../languages/event-pattern/types.ts';
import type { Request } from '../../languages/iam-policy/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { accountOf, type Permissions } from '../cloud/permissions.ts';
import { placeText } from '../principals/held.ts';
import type { Principals } from '../principals/principals.ts';
import type { Way } from '../principals/ways.ts';
import { followedBy, startAction } from '../routes/actors.ts';
import { eventBridge } from '../routes/hops.ts';
import type { ReadRule, Rules } from '../routes/rules.ts';
import { before, type Passing, patternsOf, putByCall, through, throughAll } from './passing.ts';
import { Uses } from './uses.ts';

/** Somebody or something that can bring about what stands above it, and how it comes to that itself. */
export interface Step {
  /** An ARN, a service, or a name for many. */
  readonly who: string;
  readonly kind: 'role' | 'person' | 'service' | 'function' | 'rule' | 'schedule' | 'pipeline' | 'event' | 'other';
  /** What it can do, a verb with its object. */
  readonly can: string;
  /** The statements that let it. */
  readonly by: readonly string[];
  /** An example of the events in question, as JSON. */
  readonly event?: string;
  /** The call that it can make, for the keys that policies ask for an example each. */
  readonly call?: Request;
  /** It needs nobody before it: people, and AWS itself. */
  readonly origin: boolean;
  readonly through: readonly Step[];
}

/** How far a chain is followed. */
const mostSteps = 24;

const merges = parsePattern({
  source: ['aws.codecommit'],
  'detail-type': ['CodeCommit Repository State Change'],
  detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'] },
  'replay-name': [{ exists: false }],
});
const fromAws = parsePattern({ source: [{ prefix: 'aws.' }] });

/** Follows causes against the direction of events: who can start a pipeline, who can act as those who can, which events set them to work, and who can put these. */
export class Backwards {
  readonly #principals: Principals;
  readonly #permissions: Permissions;
  readonly #uses: Uses;

  constructor(principals: Principals, permissions: Permissions, rules: Rules, cloud: Cloud) {
    this.#principals = principals;
    this.#permissions = permissions;
    this.#uses = new Uses(cloud, rules);
  }

  /** Everything that can start a pipeline; with a limit, only events for which it answers a pattern count. */
  starting(
    pipeline: CloudResource,
    limit: Limit = noLimit,
    actions: readonly string[] = [startAction],
  ): readonly Step[] {
    const polled = followedBy(pipeline).filter(({ polls }) => polls);
    return [
      ...actions.flatMap((action) =>
        this.#principals
          .onPipeline(pipeline, action)
          .map((way) => this.#byRole(way, `may ${action} ${pipeline.name}`, { limit, path: [pipeline.arn] })),
      ),
      ...polled.map(
        ({ repository, branch }): Step => ({
          who: pipeline.arn,
          kind: 'pipeline',
          can: `looks by itself whether ${branch} of ${repository} moved`,
          ...{ by: [], origin: true, through: [] },
        }),
      ),
    ];
  }

  /** Everything that can put events on a bus that pass some patterns. */
  putting(bus: string, patterns: readonly Pattern[] = [], walk: Walk = start): readonly Step[] {
    const calls = this.#principals.putting(bus).flatMap((way) => this.#puttingBy(way, bus, patterns, walk));
    return bus.endsWith(':event-bus/default') ? [...calls, ...this.#awsOn(bus, patterns)] : calls;
  }

  #byRole(way: Way, can: string, walk: Walk, put?: Put): Step {
    const { role, name, kind } = way.person;
    const step = { who: nameOf(way), can, by: way.by.map(placeText), call: way.request };
    if (role !== undefined) return { ...step, kind: 'role', origin: false, through: this.#actingAs(role, walk, put) };
    return { ...step, who: kind === 'anyone' ? nameOf(way) : name, kind: 'person', origin: true, through: [] };
  }

  #puttingBy(way: Way, bus: string, patterns: readonly Pattern[], walk: Walk): readonly Step[] {
    return throughAll(patterns, patternsOf(way)).flatMap((passing) => {
      const can = `may put events on ${bus}`;
      const { role } = way.person;
      if (role !== undefined) return [{ ...this.#byRole(way, can, walk, { bus, passing }), event: passing.event }];
      return called(passing, way.person.account).map(({ event }) => ({ ...this.#byRole(way, can, walk), event }));
    });
  }

  /** Who acts as a role; with `put`, only those who then put such events. */
  #actingAs(role: CloudResource, walk: Walk, put?: Put): readonly Step[] {
    const on = enter(walk, role.arn);
    if (on === undefined) return [];
    return this.#principals.assuming(role).flatMap((way) => {
      const { person } = way;
      if (person.kind === 'service') return this.#serving(role, way, on, put);
      if (put === undefined) return [this.#byRole(way, `may act as ${role.name}`, on)];
      return called(put.passing, role.account).map(({ event }) => ({
        ...this.#byRole(way, `may act as ${role.name}`, on, put),
        event,
      }));
    });
  }

  /** What a service has to act as a role for. */
  #serving(role: CloudResource, way: Way, walk: Walk, put?: Put): readonly Step[] {
    const service = way.person.name;
    if (way.person.account !== role.account)
      return [
        {
          who: `${service} for account ${way.person.account}`,
          kind: 'service',
          can: `may act as ${role.name}`,
          by: way.by.map(placeText),
          call: way.request,
          origin: true,
          through: [],
        },
      ];
    const by = way.by.map(placeText);
    return this.#uses.of(role.arn, service).flatMap((resource): readonly Step[] => {
      if (!this.#permissions.mayAssume(role.arn, service, resource.arn).allowed) return [];
      const step = { who: resource.arn, can: `acts as ${role.name}`, by, origin: false } as const;
      if (resource.type === 'AWS::Events::Rule') return this.#ruleActs(resource, step, walk, put);
      if (resource.type === 'AWS::Lambda::Function') {
        if (put !== undefined && called(put.passing, role.account).length === 0) return [];
        const through = this.#invoking(resource, walk, put);
        return put !== undefined && through.length === 0 ? [] : [{ ...step, kind: 'function', through }];
      }
      // What runs on a schedule takes no events.
      if (put !== undefined) return [];
      return [{ ...step, kind: resource.type === 'AWS::Scheduler::Schedule' ? 'schedule' : 'other', through: [] }];
    });
  }

  #ruleActs(resource: CloudResource, step: Omit<Step, 'kind' | 'through'>, walk: Walk, put?: Put): readonly Step[] {
    const rule = this.#uses.rule(resource.arn);
    if (rule === undefined || (put !== undefined && !this.#uses.targets(rule, put.bus))) return [];
    const patterns = put?.passing.patterns ?? [];
    return this.#events(rule, patterns, walk).map((events) => ({ ...step, kind: 'rule', through: [events] }));
  }

  /** The events that a rule takes: a step for each alternative of its pattern. */
  #events(rule: ReadRule, patterns: readonly Pattern[], walk: Walk): readonly Step[] {
    const on = enter(walk, rule.resource.arn);
    if (on === undefined || rule.disabled) return [];
    const limited = patterns.length > 0 ? patterns : walk.limit(rule);
    return through(limited, rule.pattern).flatMap((passing): readonly Step[] => {
      const put = this.putting(rule.bus, passing.patterns, on);
      const step: Step = {
        who: rule.bus,
        kind: 'event',
        can: `hands rule ${rule.resource.name} the events that match it`,
        by: [
          `rule ${rule.resource.name} (${rule.resource.stack}/${rule.resource.logicalId}): ${JSON.stringify(rule.resource.properties['EventPattern'])}`,
        ],
        ...{ event: passing.event, origin: false, through: put },
      };
      return [step];
    });
  }

  #invoking(resource: CloudResource, walk: Walk, put?: Put): readonly Step[] {
    const on = enter(walk, resource.arn);
    if (on === undefined) return [];
    const ways = this.#principals.invoking(resource.arn);
    const rules = this.#uses
      .rulesFor(resource.arn)
      .filter(
        (rule) =>
          this.#permissions.mayReach(eventBridge, 'lambda:InvokeFunction', resource.arn, rule.resource.arn).allowed,
      );
    const set = rules.flatMap((rule): readonly Step[] => {
      const patterns = put === undefined ? [] : before(put.passing.patterns, rule.pattern);
      const by = ways.filter(({ person }) => person.name === eventBridge).flatMap((way) => way.by.map(placeText));
      const step = {
        who: rule.resource.arn,
        kind: 'rule',
        can: `invokes ${resource.name}`,
        by: [...new Set(by)],
        origin: false,
      } as const;
      return this.#events(rule, patterns, on).map((events) => ({ ...step, through: [events] }));
    });
    const others = ways.filter(({ person }) => person.kind !== 'service' || person.account !== resource.account);
    // A direct call can hold any event, so it needs no rule.
    return [...set, ...others.map((way) => this.#invokingBy(way, resource, on))];
  }

  #invokingBy(way: Way, resource: CloudResource, walk: Walk): Step {
    if (way.person.kind !== 'service') return this.#byRole(way, `may invoke ${resource.name}`, walk);
    const who = `${way.person.name} for account ${way.person.account}`;
    return {
      who,
      kind: 'service',
      can: `may invoke ${resource.name}`,
      by: way.by.map(placeText),
      origin: true,
      through: [],
    };
  }

  /** The roles of the templates that can move the branch that an event speaks of. */
  #moving(bus: string, event: string): readonly Step[] {
    const { detail = {} } = JSON.parse(event) as { detail?: { repositoryName?: string } };
    const [, , , region, account] = bus.split(':');
    const repository = `arn:aws:codecommit:${region}:${account}:${detail.repositoryName ?? ''}`;
    return moving.flatMap((action) =>
      this.#principals
        .doing(action, repository)
        .map((way) => this.#byRole(way, `may ${action} on ${detail.repositoryName ?? 'the repository'}`, start)),
    );
  }

  /** What AWS itself puts on a default bus. */
  #awsOn(bus: string, patterns: readonly Pattern[]): readonly Step[] {
    const account = accountOf(bus);
    const own = parsePattern({ account: [account] });
    const [merge] = throughAll(patterns, [own, merges]);
    const [other] = throughAll(patterns, [own, fromAws]);
    const found = merge ?? other;
    if (found === undefined) return [];
    const { source } = JSON.parse(found.event) as { source?: string };
    return [
      {
        who: merge ? `CodeCommit of account ${account}` : `${source ?? 'AWS'} of account ${account}`,
        kind: 'service',
        can: merge ? 'tells of every branch that moves' : 'tells of what happens there',
        ...{ by: [], event: found.event, origin: true },
        through: merge ? this.#moving(bus, found.event) : [],
      },
    ];
  }
}

/** What moves a branch. Source: the CodeCommit permissions reference. */
const moving = [
  'GitPush',
  'CreateCommit',
  'PutFile',
  'DeleteFile',
  'CreateBranch',
  'MergeBranchesByFastForward',
  'MergePullRequestByFastForward',
].map((name) => `codecommit:${name}`);

/** Events that are to be put on a bus. */
interface Put {
  readonly bus: string;
  readonly passing: Passing;
}

/** Which events count at the last rule before a pipeline. */
export type Limit = (rule: ReadRule) => readonly Pattern[];
const noLimit: Limit = () => [];

interface Walk {
  readonly limit: Limit;
  /** ARNs that were gone through. */
  readonly path: readonly string[];
}
const start: Walk = { limit: noLimit, path: [] };

const enter = (walk: Walk, arn: string): Walk | undefined =>
  walk.path.includes(arn) || walk.path.length >= mostSteps ? undefined : { ...walk, path: [...walk.path, arn] };

const called = ({ patterns }: Passing, account: string): readonly Passing[] => through(patterns, putByCall(account));

function nameOf({ person, request }: Way): string {
  if (person.kind !== 'anyone') return person.name;
  const arn = request.context['aws:principalarn'];
  return `${person.name}, as ${typeof arn === 'string' ? arn : (arn?.[0] ?? '')}`;
}
