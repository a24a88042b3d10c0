import type { Credentials } from '../../../world/credentials.ts';
import type { SessionPrincipal } from '../../../world/principal.ts';
import type { World } from '../../../world/world.ts';
import type { Action, ActionExecution, Execution } from '../tables.ts';

/** What an action has at hand while it runs. */
export interface ActionContext {
  readonly world: World;
  /** As it was when the action began. */
  readonly execution: Execution;
  readonly actionExecutionId: string;
  readonly stage: string;
  readonly action: Action;
  /** With variables resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The action role's session, or the pipeline role's. */
  readonly session: SessionPrincipal;
  /** That session's keys. */
  readonly credentials: Credentials;
  readonly getArtifact: (name: string) => Promise<Buffer>;
  readonly putArtifact: (name: string, content: Buffer) => Promise<void>;
  /** Writes down what is known before the end. */
  readonly note: (part: Pick<ActionExecution, 'by' | 'externalId' | 'token' | 'summary'>) => void;
}

/** What a successful action leaves. */
export interface ActionResult {
  readonly summary?: string;
  readonly externalId?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** A source action's commit. */
  readonly revision?: { readonly revisionId: string; readonly summary: string };
}

/** A provider of actions: which configuration it takes, and what it does. */
export interface Provider {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Settings that AWS knows and the local cloud refuses. */
  readonly unplayed?: readonly string[];
  /** True for one that takes lines of shell. */
  readonly commands?: true;
  readonly run: (context: ActionContext) => Promise<ActionResult>;
  /** What is simpler here than on AWS, one sentence; a row of the fidelity table. */
  readonly simplified?: string;
}

/** An action's failure: CodePipeline's error code and a sentence. */
export class ActionFailure extends Error {
  readonly code:
    | 'JobFailed'
    | 'ConfigurationError'
    | 'PermissionError'
    | 'RevisionOutOfSync'
    | 'RevisionUnavailable'
    | 'SystemUnavailable';

  constructor(code: ActionFailure['code'], message: string) {
    super(message);
    this.code = code;
  }
}
