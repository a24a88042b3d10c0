import { call } from '../../world/call.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import type { Execution } from './tables.ts';

/** Who acts: for which execution, and in which session. */
export interface Acting {
  readonly world: World;
  readonly execution: Execution;
  readonly session: SessionPrincipal;
}

/** Calls of an action or a rule to another service: as its role's session, so in that role's account, and in the pipeline's region. */
export const acting =
  ({ world, execution, session }: Acting, service: string) =>
  <Answer>(operation: string, input: object): Promise<Answer> =>
    call<Answer>(world, {
      caller: session,
      account: session.account,
      region: execution.pipeline.region,
      service,
      operation,
      input,
      cause: execution.cause,
    });
