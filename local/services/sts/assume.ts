import { call } from '../../world/call.ts';
import { type Credentials, credentials } from '../../world/credentials.ts';
import type { Principal, SessionPrincipal } from '../../world/principal.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';

/** Who wants which role, where, and because of what. */
export interface Assumption extends Place {
  readonly caller: Principal;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly cause?: string;
  readonly durationSeconds?: number;
}

/** What AssumeRole answers inside the cloud: the session as a principal, and its keys. */
export interface Session {
  readonly principal: SessionPrincipal;
  readonly credentials: Credentials;
}

/**
 * Takes on a role through the real AssumeRole, so that its trust policy is judged and journalled. Services use it for every
 * role they act with. Throws AccessDenied as AWS does, whether the role refuses or does not exist.
 */
export async function assumeRole(world: World, wanted: Assumption): Promise<Session> {
  const { caller, roleArn, sessionName, durationSeconds, ...rest } = wanted;
  const answer = await call<{ Credentials: { AccessKeyId: string } }>(world, {
    ...rest,
    caller,
    service: 'sts',
    operation: 'AssumeRole',
    input: { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: durationSeconds },
  });
  const issued = world.store.in(credentials).get(answer.Credentials.AccessKeyId) as Credentials;
  return { principal: issued.principal as SessionPrincipal, credentials: issued };
}
