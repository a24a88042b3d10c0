import type { Credentials } from '../../../world/credentials.ts';
import type { SessionPrincipal } from '../../../world/principal.ts';
import type { World } from '../../../world/world.ts';
import type { Execution, Rule } from '../tables.ts';

/** What a rule has at hand while it is asked. */
export interface RuleContext {
  readonly world: World;
  readonly execution: Execution;
  readonly ruleExecutionId: string;
  readonly stage: string;
  readonly rule: Rule;
  /** With variables resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly session: SessionPrincipal;
  readonly credentials: Credentials;
}

/** A provider of rules. */
export interface RuleProvider {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** True for one that takes lines of shell. */
  readonly commands?: true;
  /** Answers why the rule holds; throws ActionFailure when it does not. */
  readonly ask: (context: RuleContext) => Promise<string> | string;
  readonly simplified?: string;
}
