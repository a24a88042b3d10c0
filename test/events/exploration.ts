import { createHash } from 'node:crypto';
import type { Step } from '../../events/start-steps.ts';
import type { Bounds, Fault, Invoke, Protocol, Starter, World } from './small-world.ts';
import { begin, expiry, firstWorld, invoking, isFree, noted, perform } from './small-world.ts';

/** What an exploration found: how many states it saw, and the first broken promise with the way there. */
export interface Finding {
  readonly states: number;
  readonly broken: string | null;
  readonly way: readonly string[];
}

interface Visit {
  readonly world: World;
  readonly did: string;
  readonly before: Visit | null;
}

const statesAtMost = 3_000_000;

/** Visits every state that the bounds allow, whatever order things happen in, and asks for the promises in each. */
export function explore(bounds: Bounds, protocol: Protocol, promises: readonly Promised[]): Finding {
  const invoke = invoking(protocol);
  const seen = new Set<string>();
  const open: Visit[] = [{ world: noted(firstWorld(bounds), bounds), did: 'begin', before: null }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    if (seen.size > statesAtMost) throw new Error('the bounds are too wide');
    const key = keyOf(visit.world);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const promise of promises) {
      const broken = promise(visit.world, bounds, invoke);
      if (broken !== null) return { states: seen.size, broken, way: wayTo(visit) };
    }
    for (const [did, world] of successors(visit.world, bounds, invoke))
      open.push({ world: noted(world, bounds), did, before: visit });
  }
  return { states: seen.size, broken: null, way: [] };
}

/** Says what is broken in a state, or null. */
export type Promised = (world: World, bounds: Bounds, invoke: Invoke) => string | null;

/** At most one Start call for each generation, always. */
export const oneCallPerGeneration: Promised = ({ runs, late }) => {
  const calls = [...runs.filter(({ trigger }) => trigger === 'starter'), ...late].map(({ generation }) => generation);
  const twice = calls.find((generation, index) => calls.indexOf(generation) !== index);
  return twice === undefined ? null : `generation ${twice} was called twice`;
};

/** What was held all the time is not started. */
export const nothingHeldStarts: Promised = ({ runs, wasFree }) => {
  const held = runs.find(({ trigger, commitId }) => trigger === 'starter' && !wasFree.includes(commitId));
  return held === undefined ? null : `${held.commitId} was started and held all the time`;
};

/** Once faults stop, sweeps make the head of the branch what the pipeline last started, and then rest. */
export function headIsLastStarted(): Promised {
  const known = new Map<string, string | null>();
  return (world, bounds, invoke) => {
    if (world.starters.length > 0 || world.late.length > 0) return null;
    const key = JSON.stringify([
      world.ledger,
      world.runs,
      world.head,
      world.time,
      world.hold,
      world.releasedBy,
      world.finished,
    ]);
    const verdict = known.has(key) ? (known.get(key) ?? null) : sweptClean(world, bounds, invoke);
    known.set(key, verdict);
    return verdict;
  };
}

function sweptClean(world: World, bounds: Bounds, invoke: Invoke): string | null {
  let settled: World = { ...world, runs: world.runs.map((run) => ({ ...run, hidden: false })) };
  for (let sweeps = 0; sweeps < 4; sweeps += 1) {
    settled = runAlone({ ...settled, time: settled.time + expiry }, invoke(null), bounds);
  }
  const calm = runAlone(settled, invoke(null), bounds);
  return calm.runs.length === settled.runs.length ? differsFromHead(calm, bounds) : 'the sweep never rests';
}

/** Without a fault, and with an event after every move, no sweep is needed. */
export const eventsSuffice: Promised = (world, bounds) => {
  const isQuiet = world.starters.length === 0 && world.invocations === bounds.invocations;
  return isQuiet && world.moved === bounds.heads.length - 1 && world.lastAnnounced === world.moved
    ? differsFromHead(world, bounds)
    : null;
};

function differsFromHead(world: World, bounds: Bounds): string | null {
  // What is held waits, and goes when it is free.
  if (!isFree(world, world.head, bounds)) return null;
  const last = world.runs.at(-1)?.commitId ?? 'nothing';
  if (last === world.head || bounds.unconcerned?.includes(`${last}>${world.head}`)) return null;
  return `the branch points at ${world.head}, but ${last} was started last`;
}

function runAlone(world: World, starter: Starter, bounds: Bounds): World {
  let now = world;
  let alone = starter;
  for (let steps = 0; steps < 200; steps += 1) {
    if (alone.next === null) return now;
    const [after, answer] = perform(now, alone.next, bounds);
    now = after;
    alone = alone.answered(answer);
  }
  throw new Error('a starter that is alone does not end');
}

function* successors(world: World, bounds: Bounds, invoke: Invoke): Generator<readonly [string, World]> {
  const to = bounds.heads[world.moved + 1];
  if (to !== undefined) yield [`the branch moves to ${to}`, { ...world, head: to, moved: world.moved + 1 }];
  yield* people(world, bounds);
  if (world.invocations < bounds.invocations) yield* invocations(world, bounds, invoke);
  for (const [index, starter] of world.starters.entries()) {
    yield* turns(world, index, starter, bounds);
  }
  for (const [index, request] of world.late.entries()) {
    const late = world.late.filter((_, other) => other !== index);
    yield [`the late call of generation ${request.generation} arrives`, begin({ ...world, late }, request)];
  }
  const hidden = world.runs.findIndex((run) => run.hidden);
  if (hidden >= 0) yield [`run-${hidden} becomes visible`, setHidden(world, hidden, false)];
  if (canSpend(world, bounds, 'hidden') && world.runs.length > 1) {
    yield ['AWS hides the newest run', setHidden(spend(world, 'hidden'), world.runs.length - 1, true)];
  }
  if (canSpend(world, bounds, 'expiry')) {
    // Lambda ends a starter long before its lease passes, unless the world has stalls too.
    const stalls =
      world.starters.length === 0 ? world : canSpend(world, bounds, 'stall') ? spend(world, 'stall') : null;
    if (stalls !== null) yield ['a lease passes', { ...spend(stalls, 'expiry'), time: world.time + expiry }];
  }
}

/** What people and other environments do. */
function* people(world: World, bounds: Bounds): Generator<readonly [string, World]> {
  const { on, changes } = world.hold;
  if (changes < (bounds.holdChanges ?? 0))
    yield [on ? 'a person releases the hold' : 'a person holds', { ...world, hold: { on: !on, changes: changes + 1 } }];
  if (bounds.released !== undefined && world.releasedBy < 2)
    yield ['a person writes the release', { ...world, releasedBy: world.releasedBy + 1 }];
  if (bounds.evidence !== undefined && !world.finished) yield ['staging finishes', { ...world, finished: true }];
}

function* invocations(world: World, bounds: Bounds, invoke: Invoke): Generator<readonly [string, World]> {
  const invoked = (announced: string | null, lastAnnounced: number): World => ({
    ...world,
    invocations: world.invocations + 1,
    lastAnnounced,
    starters: [...world.starters, invoke(announced)],
  });
  yield ['a sweep begins', invoked(null, world.lastAnnounced)];
  for (let move = 1; move <= world.moved; move += 1) {
    const announced = bounds.heads[move] ?? null;
    yield [`an event for ${announced} arrives`, invoked(announced, Math.max(move, world.lastAnnounced))];
  }
}

/** What one starter may do next: its step, or dying before it, after it, or with its call under way. */
function* turns(world: World, index: number, starter: Starter, bounds: Bounds): Generator<readonly [string, World]> {
  const step = starter.next;
  const dead = { ...world, starters: world.starters.filter((_, other) => other !== index) };
  if (step === null) {
    yield [`starter ${index} ends`, dead];
    return;
  }
  const [after, answer] = perform(world, step, bounds);
  const walked = starter.answered(answer);
  const starters = world.starters.map((other, at) => (at === index ? walked : other));
  yield [`starter ${index}: ${wordsOf(step)}`, { ...after, starters }];
  // Where a starter dies between two reads makes no difference to anybody.
  if (hasEffect(step) && canSpend(world, bounds, 'crash')) {
    yield [`starter ${index} dies before ${step.call}`, spend(dead, 'crash')];
    yield [`starter ${index} dies after ${step.call}`, { ...spend(after, 'crash'), starters: dead.starters }];
  }
  if (step.call === 'start' && canSpend(world, bounds, 'late')) {
    yield [
      `starter ${index} dies with its call under way`,
      spend({ ...dead, late: [...world.late, step.ledger] }, 'late'),
    ];
  }
}

const hasEffect = ({ call }: Step): boolean => call === 'write-ledger' || call === 'start';

const canSpend = (world: World, bounds: Bounds, fault: Fault): boolean =>
  world.spent[fault] < (bounds.faults[fault] ?? 0);

const spend = (world: World, fault: Fault): World => ({
  ...world,
  spent: { ...world.spent, [fault]: world.spent[fault] + 1 },
});

const setHidden = (world: World, index: number, hidden: boolean): World => ({
  ...world,
  runs: world.runs.map((run, at) => (at === index ? { ...run, hidden } : run)),
});

function wordsOf(step: Step): string {
  if (step.call === 'write-ledger' || step.call === 'start') {
    const { generation, commitId, state } = step.ledger;
    return `${step.call} ${state} ${generation} ${commitId}`;
  }
  return step.call;
}

/** Starters have no names, so their order does not tell two states apart. */
function keyOf(world: World): string {
  const { starters, ledger, runs, late, spent, ...rest } = world;
  const unnamed = starters.map(({ id }) => id).sort();
  const text = JSON.stringify([rest, spent, ledger, runs, late, unnamed]);
  return createHash('sha1').update(text).digest('base64');
}

function wayTo(visit: Visit): readonly string[] {
  const way: string[] = [];
  for (let at: Visit | null = visit; at !== null; at = at.before) way.push(at.did);
  return way.reverse();
}
