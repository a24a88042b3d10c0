import { holdText } from '../../events/manual-hold.ts';
import { releaseMilliseconds, releaseText } from '../../events/release.ts';
import type { StartDecision } from '../../events/start-decision.ts';
import type { Ledger } from '../../events/start-ledger.ts';
import { adoptionMilliseconds, leaseMilliseconds } from '../../events/start-ledger.ts';
import type { Answer, Course, Run, Step } from '../../events/start-steps.ts';

/** Commits are letters here: the protocol compares them and nothing else. */
export interface World {
  readonly head: string;
  readonly moved: number;
  readonly time: number;
  readonly ledger: Ledger | null;
  readonly runs: readonly WorldRun[];
  /** Start requests that left a dead starter and have not reached AWS yet. */
  readonly late: readonly Request[];
  readonly starters: readonly Starter[];
  readonly spent: Readonly<Record<Fault, number>>;
  readonly invocations: number;
  /** Whether a person holds the pipeline, and how often that changed. */
  readonly hold: { readonly on: boolean; readonly changes: number };
  /** How many people have written the release of the bounds. */
  readonly releasedBy: number;
  /** Whether staging has finished the commit of the bounds. */
  readonly finished: boolean;
  /** Commits that were free to go at some moment after the branch pointed at them. */
  readonly wasFree: readonly string[];
  /** The newest move that an event told of. */
  readonly lastAnnounced: number;
}

export type Fault = 'crash' | 'late' | 'expiry' | 'stall' | 'hidden';

interface Request {
  readonly generation: number;
  readonly commitId: string;
}

interface WorldRun extends Request {
  readonly startedAt: number;
  readonly trigger: Run['trigger'];
  readonly hidden: boolean;
}

/** An invocation, as far as it has come since it last read the ledger. */
export interface Starter {
  readonly id: number;
  /** Its next question, or null when it is done. */
  readonly next: Step | null;
  /** The same invocation with one more answer. */
  readonly answered: (answer: Answer) => Starter;
}

/** The limits of one exploration. */
export interface Bounds {
  /** Where the branch points first, and where it moves, in order. */
  readonly heads: readonly string[];
  readonly invocations: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly start: 'adopted' | 'new';
  /** Pairs `from>to` of commits between which no path concerns the pipeline. */
  readonly unconcerned?: readonly string[];
  /** How often a person holds or lets go; the pipeline is held at first. */
  readonly holdChanges?: number;
  /** Everything is frozen, and people release this commit. */
  readonly released?: string;
  /** Another environment has to finish a commit first, and finishes this one. */
  readonly evidence?: string;
}

/** The protocol that is put to the test; `announced` is the commit of the event, or null for the sweep. */
export type Protocol = (announced: string | null) => Course<readonly StartDecision[]>;

/** Begins an invocation. */
export type Invoke = (announced: string | null) => Starter;

/**
 * Invocations of a protocol. A course is pure, so replaying its answers finds its place; each place is found once. A further
 * look begins as the first did, so what was answered before it no longer matters.
 */
export function invoking(protocol: Protocol): Invoke {
  let ids = 0;
  const place = (announced: string | null, answers: readonly Answer[]): Starter => {
    const course = protocol(announced);
    let next = course.next();
    const beginsWithLedger = !next.done && next.value.call === 'read-ledger';
    for (const answer of answers) next = course.next(answer);
    const looksAgain = beginsWithLedger && !next.done && next.value.call === 'read-ledger';
    if (looksAgain && answers.length > 0) return begun(announced);
    const known = new Map<string, Starter>();
    const answered = (answer: Answer): Starter =>
      remembered(known, JSON.stringify(answer), () => place(announced, [...answers, answer]));
    ids += 1;
    return { id: ids, next: next.done ? null : next.value, answered };
  };
  const beginnings = new Map<string, Starter>();
  const begun: Invoke = (announced) => remembered(beginnings, String(announced), () => place(announced, []));
  return begun;
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

const adopted: Ledger = {
  epoch: 'e',
  commitId: 'A',
  generation: 0,
  state: 'settled',
  leaseUntil: 0,
  executionId: 'run-0',
  retries: 0,
  retryAt: 0,
};

export function firstWorld(bounds: Bounds): World {
  const isNew = bounds.start === 'new';
  return {
    head: bounds.heads[0] ?? 'A',
    moved: 0,
    time: 0,
    ledger: isNew ? null : adopted,
    runs: [{ trigger: 'creation', generation: 0, commitId: 'A', startedAt: 0, hidden: isNew }],
    late: [],
    starters: [],
    spent: { crash: 0, late: 0, expiry: 0, stall: 0, hidden: 0 },
    invocations: 0,
    hold: { on: bounds.holdChanges !== undefined, changes: 0 },
    releasedBy: 0,
    finished: false,
    wasFree: [],
    lastAnnounced: 0,
  };
}

/** What AWS does with a question, at once and whole. */
export function perform(world: World, step: Step, bounds: Bounds): readonly [World, Answer] {
  const now = world.time;
  switch (step.call) {
    case 'read-ledger':
      return [world, { ledger: world.ledger, now }];
    case 'read-head':
      return [world, { commitId: world.head, now }];
    case 'write-ledger': {
      const written = isUnchanged(world.ledger, step.from);
      return [written ? { ...world, ledger: step.ledger } : world, { written, now }];
    }
    case 'list-runs':
      return [world, listed(world)];
    case 'read-run': {
      const run = world.runs[Number(step.executionId.slice(4))];
      return [
        world,
        { generation: run?.trigger === 'starter' ? run.generation : null, commitId: run?.commitId ?? null },
      ];
    }
    case 'start': {
      const begun = begin(world, step.ledger);
      return [begun, { executionId: `run-${begun.runs.length - 1}` }];
    }
    case 'read-hold':
      return [world, { versions: world.hold.on ? [written(holdText({ reason: 'wait', until: null }), 'ann')] : [] }];
    case 'read-release': {
      if (bounds.released === undefined) return [world, { versions: [] }];
      const expires = new Date(releaseMilliseconds).toISOString();
      const text = releaseText({ commit: bounds.released, reason: 'urgent', expires });
      return [world, { versions: ['ann', 'bob'].slice(0, world.releasedBy).map((name) => written(text, name)) }];
    }
    case 'read-evidence': {
      const isFinished = world.finished && bounds.evidence === step.commitId;
      return [world, isFinished ? { missing: null, found: 'finished' } : { missing: 'not finished' }];
    }
    case 'read-changes':
      return [world, { concerned: !bounds.unconcerned?.includes(`${step.from}>${step.to}`) }];
    case 'read-source':
      return [world, { failed: false }];
    case 'retry-source':
      return [world, { retried: true }];
  }
}

const written = (value: string, by: string) => ({ value, by: `arn:aws:iam::222222222222:user/${by}`, at: 0 });

/** Whether nothing keeps a commit now. */
export function isFree({ hold, releasedBy, finished }: World, commitId: string, bounds: Bounds): boolean {
  const frozen = bounds.released !== undefined && (bounds.released !== commitId || releasedBy < 2);
  return !hold.on && !frozen && (bounds.evidence === undefined || (finished && bounds.evidence === commitId));
}

/** The world, knowing too which commits have been free to go. */
export function noted(world: World, bounds: Bounds): World {
  const free = bounds.heads.slice(0, world.moved + 1).filter((commitId) => isFree(world, commitId, bounds));
  const wasFree = [...new Set([...world.wasFree, ...free])].sort();
  return wasFree.length === world.wasFree.length ? world : { ...world, wasFree };
}

/** A Start request reaches AWS. */
export function begin(world: World, { generation, commitId }: Request): World {
  // No two runs begin at one moment.
  const startedAt = world.time + world.runs.length;
  return { ...world, runs: [...world.runs, { trigger: 'starter', generation, commitId, startedAt, hidden: false }] };
}

function isUnchanged(now: Ledger | null, from: Ledger | null): boolean {
  if (now === null || from === null) return now === from;
  const fields = ['epoch', 'generation', 'state', 'leaseUntil', 'commitId', 'retries'] as const;
  return fields.every((field) => now[field] === from[field]);
}

const listed = (world: World): readonly Run[] =>
  world.runs
    .map((run, index) => ({ ...run, executionId: `run-${index}`, phase: 'running' as const }))
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => b.startedAt - a.startedAt);

/** Long enough for a lease and for the wait for the creation run to end. */
export const expiry = Math.max(leaseMilliseconds, adoptionMilliseconds) + 1;
