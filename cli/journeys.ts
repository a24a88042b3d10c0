import {
  type BranchMerged,
  branchMergedDetailType,
  branchMergedSource,
  parseBranchMerged,
} from '../events/branch-merged.ts';
import { mergeDetailType, mergeSource } from '../events/merge.ts';
import { type PipelineState, parsePipelineState, pipelineStateSource } from '../events/pipeline-state.ts';
import {
  parseStartDecided,
  type StartDecided,
  startDecidedDetailType,
  startDecidedSource,
} from '../events/start-decided.ts';

/** An event as it arrived on a bus, with the moment it arrived. */
export interface Arrival {
  readonly bus: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** What became of one commit in one environment. */
export interface EnvironmentJourney {
  readonly environment: string;
  forwardedAt?: number;
  decidedAt?: number;
  decision?: StartDecided;
  pipeline?: string;
  executionId?: string;
  readonly stages: { readonly name: string; startedAt: number; endedAt?: number; state: string }[];
  endedAt?: number;
  /** The execution's last state: SUCCEEDED, FAILED … */
  state?: string;
}

/** A merge on its way: from the branch to every account that follows it. */
export interface Journey {
  readonly repository: string;
  readonly branch: string;
  readonly commitId: string;
  /** The id of CodeCommit's event. */
  readonly eventId: string;
  readonly mergedAt: number;
  announcedAt?: number;
  announcement?: BranchMerged;
  readonly environments: Map<string, EnvironmentJourney>;
}

/** One step of a journey, as it happens. `journey` is missing for executions that no merge started. */
export interface Step {
  readonly word: 'merge' | 'announce' | 'forward' | 'start' | 'run';
  readonly at: number;
  readonly environment?: string;
  readonly text: string;
  readonly outcome: 'neutral' | 'good' | 'bad';
  readonly journey?: Journey;
}

const terminal = ['SUCCEEDED', 'FAILED', 'STOPPED', 'SUPERSEDED', 'CANCELED'];

/** Follows merges through the events on the buses of the DevOps account and of the environments. */
export class Journeys {
  readonly all: Journey[] = [];
  readonly #environmentOfBus: (bus: string) => string | undefined;
  readonly #environmentOfAccount: (account: string) => string | undefined;
  readonly #byExecution = new Map<string, { journey: Journey; environment: EnvironmentJourney }>();
  /** State changes that came home before the decision that explains them. */
  readonly #early = new Map<string, { stage: string | null; state: string; at: number }[]>();

  /** `environmentOfAccount` knows accounts that hold one environment. */
  constructor(
    environmentOfBus: (bus: string) => string | undefined,
    environmentOfAccount: (account: string) => string | undefined = () => undefined,
  ) {
    this.#environmentOfBus = environmentOfBus;
    this.#environmentOfAccount = environmentOfAccount;
  }

  /** Takes one arrival in and answers the step it is, if it is one. Throws EventMalformed for one that only looks like a step. */
  arrived(arrival: Arrival): Step | undefined {
    const { 'detail-type': type, source } = arrival.event;
    if (type === mergeDetailType && source === mergeSource) return this.#merged(arrival);
    if (type === branchMergedDetailType && source === branchMergedSource) return this.#announcedOrForwarded(arrival);
    if (type === startDecidedDetailType && source === startDecidedSource) return this.#decided(arrival);
    return source === pipelineStateSource && arrival.bus === 'mergecast' ? this.#stateChanged(arrival) : undefined;
  }

  #merged({ at, event }: Arrival): Step | undefined {
    const detail = event['detail'] as Readonly<Record<string, unknown>>;
    const { repositoryName: repository, referenceName: branch, commitId } = detail;
    const isMove = detail['event'] === 'referenceCreated' || detail['event'] === 'referenceUpdated';
    if (typeof repository !== 'string' || typeof branch !== 'string' || typeof commitId !== 'string') return undefined;
    if (detail['referenceType'] === 'tag' && isMove)
      return { word: 'merge', at, outcome: 'neutral', text: `${repository} tag ${branch}: tags start nothing` };
    if (detail['referenceType'] !== 'branch' || !isMove) return undefined;
    const journey: Journey = {
      repository,
      branch,
      commitId,
      eventId: String(event['id']),
      mergedAt: at,
      environments: new Map(),
    };
    this.all.push(journey);
    return {
      word: 'merge',
      at,
      outcome: 'neutral',
      journey,
      text: `${repository} ${branch} is now ${short(commitId)}`,
    };
  }

  #announcedOrForwarded({ bus, at, event }: Arrival): Step | undefined {
    const { detail: announcement } = parseBranchMerged(event);
    const journey = this.#find(announcement.repository, announcement.branch, announcement.commitId);
    if (journey === undefined) return undefined;
    const environment = this.#environmentOfBus(bus);
    if (environment === undefined) {
      journey.announcedAt = at;
      journey.announcement = announcement;
      return { word: 'announce', at, outcome: 'neutral', journey, text: `Branch Merged, ${announcement.kind}` };
    }
    this.#in(journey, environment).forwardedAt = at;
    return { word: 'forward', at, outcome: 'neutral', journey, environment, text: `reached the bus ${bus}` };
  }

  #decided({ at, event }: Arrival): Step | undefined {
    const { detail: decision } = parseStartDecided(event);
    const started = decision.outcome === 'started' || decision.outcome === 'unannounced';
    const commit = started ? decision.commitId : (decision.announced?.commitId ?? decision.commitId);
    const journey = commit === null ? undefined : this.#find(decision.repository, decision.branch, commit);
    if (journey !== undefined && (started || decision.cause === 'event')) {
      const environment = this.#in(journey, decision.environment);
      if (started || environment.decision === undefined) Object.assign(environment, { decidedAt: at, decision });
      if (started && decision.executionId !== null) this.#link(journey, environment, decision, decision.executionId);
    }
    if (decision.cause === 'sweep' && decision.outcome === 'already-started') return undefined;
    const bad = ['undelivered', 'unreadable', 'failed'].includes(decision.outcome);
    const text = `${decision.pipeline}: ${decision.outcome}: ${decision.reason}`;
    return {
      word: 'start',
      at,
      outcome: bad ? 'bad' : 'neutral',
      environment: decision.environment,
      text,
      ...(journey ? { journey } : {}),
    };
  }

  #link(journey: Journey, environment: EnvironmentJourney, decision: StartDecided, executionId: string): void {
    environment.pipeline = decision.pipeline;
    environment.executionId = executionId;
    this.#byExecution.set(executionId, { journey, environment });
    for (const { stage, state, at } of this.#early.get(executionId) ?? []) record(environment, stage, state, at);
    this.#early.delete(executionId);
  }

  #stateChanged({ at, event }: Arrival): Step | undefined {
    const change = parsePipelineState(event);
    const found = this.#byExecution.get(change.executionId);
    const environment = found?.environment.environment ?? this.#environmentOfAccount(change.account);
    const where = {
      ...(environment === undefined ? {} : { environment }),
      ...(found ? { journey: found.journey } : {}),
    };
    if (change.action !== null) {
      const told = actionText(change, environment);
      return told && { word: 'run', at, ...told, ...where };
    }
    if (found) record(found.environment, change.stage, change.state, at);
    else
      this.#early.set(change.executionId, [
        ...(this.#early.get(change.executionId) ?? []),
        { stage: change.stage, state: change.state, at },
      ]);
    const outcome =
      change.state === 'FAILED' ? 'bad' : change.state === 'SUCCEEDED' && change.stage === null ? 'good' : 'neutral';
    const what = change.stage === null ? `${change.pipeline}` : `${change.pipeline} ${change.stage}`;
    return { word: 'run', at, outcome, text: `${what} ${change.state.toLowerCase()}`, ...where };
  }

  #find(repository: string, branch: string, commitId: string): Journey | undefined {
    return this.all.findLast(
      (each) => each.repository === repository && each.branch === branch && each.commitId === commitId,
    );
  }

  #in(journey: Journey, environment: string): EnvironmentJourney {
    const known = journey.environments.get(environment) ?? { environment, stages: [] };
    journey.environments.set(environment, known);
    return known;
  }
}

/** Of actions, only what a person has to know is told: one that failed, and one that waits for somebody. */
function actionText(
  { pipeline, stage, action, state, category, summary }: PipelineState,
  environment: string | undefined,
): Pick<Step, 'text' | 'outcome'> | undefined {
  const name = `${pipeline} ${stage}/${action}`;
  if (state === 'FAILED') return { outcome: 'bad', text: `${name} failed: ${summary ?? 'no reason was given'}` };
  if (state !== 'STARTED' || category !== 'Approval' || environment === undefined) return undefined;
  return { outcome: 'neutral', text: `${name} waits: npx mergecast approve ${environment}` };
}

function record(journey: EnvironmentJourney, stage: string | null, state: string, at: number): void {
  if (stage === null) {
    journey.state = state;
    if (terminal.includes(state)) journey.endedAt = at;
    return;
  }
  const known = journey.stages.find(({ name }) => name === stage);
  if (known === undefined) journey.stages.push({ name: stage, startedAt: at, state });
  else Object.assign(known, { state, ...(terminal.includes(state) ? { endedAt: at } : {}) });
}

/** A commit id as people quote it. */
export const short = (commitId: string): string => commitId.slice(0, 8);
