import type { PipelineState } from '../../events/pipeline-state.ts';
import type { TrailRecord } from './record.ts';

/** Something of an execution that begins and ends. Times in milliseconds since 1970, as the trail got them. */
interface Span {
  /** As CodePipeline says it: STARTED, SUCCEEDED, FAILED … */
  readonly state: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** An action of a stage; Source actions are not reported, for their events carry commit messages. */
export interface ActionJourney extends Span {
  readonly name: string;
  readonly category: string | null;
  /** What its provider said at its end. */
  readonly summary: string | null;
}

/** A stage of an execution. */
export interface StageJourney extends Span {
  readonly name: string;
  readonly actions: readonly ActionJourney[];
}

/** An execution as its state changes tell it. */
export interface ExecutionJourney extends Span {
  readonly executionId: string;
  readonly pipeline: string;
  /** The account that reported, as AWS vouches. */
  readonly account: string;
  /** More than one when a stage was retried. */
  readonly attempts: number;
  /** Who started it, as CodePipeline says. */
  readonly startedBy: string | null;
  /** In the order they began. */
  readonly stages: readonly StageJourney[];
}

type Change = Extract<TrailRecord, { fact: 'changed' }>;

const ends = new Set<string>(['SUCCEEDED', 'FAILED', 'STOPPED', 'SUPERSEDED', 'CANCELED', 'ABANDONED']);

/** Every execution of which a state change is among the records, by its id. */
export function executionsOf(records: readonly TrailRecord[]): ReadonlyMap<string, ExecutionJourney> {
  const changes = new Map<string, Change[]>();
  for (const record of records) {
    if (record.fact !== 'changed') continue;
    const { executionId } = record.change;
    changes.set(executionId, [...(changes.get(executionId) ?? []), record]);
  }
  return new Map([...changes].map(([id, own]) => [id, executionOf(id, own)]));
}

function executionOf(executionId: string, changes: readonly Change[]): ExecutionJourney {
  const { account, change } = changes[0] as Change;
  const stages = [...new Set(changes.flatMap((each) => each.change.stage ?? []))];
  return {
    executionId,
    pipeline: change.pipeline,
    account,
    attempts: Math.max(...changes.map((each) => each.change.attempt)),
    startedBy: changes.find((each) => each.change.trigger !== null)?.change.trigger?.detail ?? null,
    ...spanOf(changes.filter((each) => each.change.stage === null)),
    stages: stages.map((name) =>
      stageOf(
        name,
        changes.filter((each) => each.change.stage === name),
      ),
    ),
  };
}

function stageOf(name: string, changes: readonly Change[]): StageJourney {
  const actions = [...new Set(changes.flatMap((each) => each.change.action ?? []))];
  return {
    name,
    ...spanOf(changes.filter((each) => each.change.action === null)),
    actions: actions.map((action) => {
      const own = changes.filter((each) => each.change.action === action);
      const last = own.at(-1)?.change as PipelineState;
      return { name: action, category: last.category, summary: last.summary, ...spanOf(own) };
    }),
  };
}

/** The last state wins; a span that was resumed has no end until it ends again. */
function spanOf(changes: readonly Change[]): Span {
  const last = changes.at(-1);
  const started = changes.find(({ change }) => change.state === 'STARTED');
  return {
    state: last?.change.state ?? 'UNKNOWN',
    ...(started === undefined ? {} : { startedAt: started.recordedAt }),
    ...(last !== undefined && ends.has(last.change.state) ? { endedAt: last.recordedAt } : {}),
  };
}
