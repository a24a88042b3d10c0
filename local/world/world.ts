import type { Decision } from '../../languages/iam-policy/types.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Live } from './live.ts';
import type { Principal } from './principal.ts';
import type { Access, Place, ResourceModel, Service } from './service.ts';
import type { Store } from './store.ts';

/** Decides one access by all policies that concern it. */
export type Judge = (world: World, caller: Principal, access: Access, at: Place) => Decision;

/** A call before it is judged, as fault injection sees it. */
export interface Attempt extends Place {
  readonly caller: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

/** Fault injection at the API: may wait, or throw. What it throws before the call is thrown instead of it; after, instead of its answer or its refusal. */
export interface Interference {
  readonly before?: (attempt: Attempt) => void | Promise<void>;
  readonly after?: (attempt: Attempt) => void | Promise<void>;
}

/** One pretend AWS: everything its services may use. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly store: Store;
  readonly journal: Journal;
  readonly live: Live;
  readonly services: Readonly<Record<string, Service>>;
  readonly resources: Readonly<Record<string, ResourceModel>>;
  readonly judge: Judge;
  /** Where the wire listens, as `http://127.0.0.1:4566`. Set before anything runs. */
  endpoint: string;
  /** A directory of the world's own for git repositories, objects and builds. */
  readonly directory: string;
  /** Where the directories of builds that fail are kept; they are removed when it is missing. */
  readonly failedBuilds?: string;
  /** `o-…`, when the accounts are members of an organisation. */
  readonly organisationId?: string;
  readonly interference: Set<Interference>;
  /** Work that nobody waits for: what it throws becomes a `fault` entry of the journal. `lasting` work may wait for people and does not keep the world unsettled. */
  background(subject: string, cause: string | undefined, work: () => Promise<void>, lasting?: 'lasting'): void;
  /** Resolves when no background work is left. */
  settled(): Promise<void>;
}
