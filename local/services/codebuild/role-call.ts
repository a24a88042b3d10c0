import { call } from '../../world/call.ts';
import { credentials } from '../../world/credentials.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { assumeRole, type Session } from '../sts/assume.ts';
import type { Build } from './tables.ts';

/** Makes an API call with the permissions of the project's role. */
export type RoleCall = <Output>(service: string, operation: string, input: object) => Promise<Output>;

/** CodeBuild takes on the project's role, unless the build came with a session. Throws AccessDenied. */
export async function assumeBuildRole(world: World, { id, project, cause, accessKeyId }: Build): Promise<Session> {
  const held = world.store.in(credentials).get(accessKeyId ?? '');
  if (held !== undefined) return { principal: held.principal as SessionPrincipal, credentials: held };
  const { account, region, arn, roleArn } = project;
  const service = 'codebuild.amazonaws.com';
  return assumeRole(world, {
    account,
    region,
    cause,
    roleArn,
    caller: { type: 'service', service, sourceArn: arn, sourceAccount: account },
    sessionName: `AWSCodeBuild-${id.split(':')[1] ?? ''}`.slice(0, 64),
  });
}

/** Calls as the role's session. */
export function roleCall(world: World, { project, cause }: Build, { principal: caller }: Session): RoleCall {
  const { account, region } = project;
  return (service, operation, input) => call(world, { caller, account, region, cause, service, operation, input });
}
