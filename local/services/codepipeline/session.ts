import type { World } from '../../world/world.ts';
import { assumeRole, type Session } from '../sts/assume.ts';
import type { Execution } from './tables.ts';

/** The session with which an action or a rule acts: of its own role, taken on through the pipeline's, or of the pipeline's. */
export async function sessionFor(world: World, { id, pipeline, cause }: Execution, roleArn?: string): Promise<Session> {
  const at = { account: pipeline.account, region: pipeline.region, cause, sessionName: id };
  const caller = {
    type: 'service' as const,
    service: 'codepipeline.amazonaws.com',
    sourceArn: pipeline.arn,
    sourceAccount: pipeline.account,
  };
  const own = await assumeRole(world, { ...at, caller, roleArn: pipeline.roleArn });
  return roleArn === undefined ? own : assumeRole(world, { ...at, caller: own.principal, roleArn });
}
