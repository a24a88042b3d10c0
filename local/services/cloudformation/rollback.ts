import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { continueRollback } from './deploy.ts';
import { existing } from './existing.ts';
import { runStack } from './running.ts';
import { deployer, list, stackAccess } from './stack-input.ts';
import { refuseWhileRunning } from './states.ts';
import { stackKey, stacks } from './tables.ts';

/** Takes up a rollback that failed, without the resources that are skipped. Source: ContinueUpdateRollback in the CloudFormation API reference. */
export const continueUpdateRollback = operation({
  input: z.object({
    StackName: z.string(),
    RoleARN: z.string().optional(),
    ResourcesToSkip: list(z.string()),
    ClientRequestToken: z.string().optional(),
  }),
  access: ({ StackName, RoleARN }, call) => stackAccess('ContinueUpdateRollback', StackName, call, RoleARN),
  run: async ({ StackName, RoleARN, ResourcesToSkip }, call) => {
    const known = existing(call, StackName);
    refuseWhileRunning(call, known);
    if (known.status !== 'UPDATE_ROLLBACK_FAILED')
      throw new AwsError(
        'ValidationError',
        `Stack:${known.id} is in ${known.status} state and can not continue rollback.`,
      );
    const stuck = [...(known.stuck?.changed ?? []), ...(known.stuck?.created ?? [])];
    const wrong = ResourcesToSkip.find((id) => !stuck.some(({ logicalId }) => logicalId === id));
    if (wrong !== undefined)
      throw new AwsError('ValidationError', `ResourcesToSkip: ${wrong} is not in the UPDATE_FAILED state`);
    const caller = await deployer(call, known.name, RoleARN ?? known.roleArn);
    const how = { caller, cause: call.cause, skipped: ResourcesToSkip };
    runStack(call.world, { ...call, stackName: known.name }, () => continueRollback(call.world, known, how));
    return {};
  },
});

/** Protects a stack from deletion, or ends that. */
export const updateTerminationProtection = operation({
  input: z.object({ StackName: z.string(), EnableTerminationProtection: flag }),
  access: ({ StackName }, call) => stackAccess('UpdateTerminationProtection', StackName, call),
  run: ({ StackName, EnableTerminationProtection }, call) => {
    const known = existing(call, StackName);
    const terminationProtected = EnableTerminationProtection;
    call.world.store.in(stacks).update(stackKey(known, known.name), (row) => ({ ...row, terminationProtected }));
    return { StackId: known.id };
  },
});
