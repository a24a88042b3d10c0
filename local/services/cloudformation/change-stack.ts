import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { deploy, findStack, deleteStack as removeStack } from './deploy.ts';
import { isRunning, runStack } from './running.ts';
import { prepare } from './scope.ts';
import {
  checkCapabilities,
  deployer,
  inAwsWords,
  parametersOf,
  type StackInput,
  stackAccess,
  stackInput,
  tagsOf,
  templateOf,
} from './stack-input.ts';
import type { Stack } from './tables.ts';

/** Begins to create a stack; its end shows in DescribeStacks. */
export const createStack = operation({
  input: stackInput,
  access: ({ StackName, RoleARN }, call) => stackAccess('CreateStack', StackName, call, RoleARN),
  run: async (input, call) => {
    const known = findStack(call.world, call, input.StackName);
    if (known !== undefined && known.status !== 'DELETE_COMPLETE')
      throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
    return begin(input, call, undefined);
  },
});

/** Begins to update a stack. */
export const updateStack = operation({
  input: stackInput,
  access: ({ StackName, RoleARN }, call) => stackAccess('UpdateStack', StackName, call, RoleARN),
  run: async (input, call) => {
    const known = existing(call, input.StackName);
    if (/^(ROLLBACK_|DELETE_|UPDATE_ROLLBACK_FAILED)/.test(known.status))
      throw new AwsError('ValidationError', `Stack:${known.id} is in ${known.status} state and can not be updated.`);
    return begin(input, call, known);
  },
});

/** Begins to delete a stack; one that is not there is no error. */
export const deleteStack = operation({
  input: z.object({
    StackName: z.string(),
    RoleARN: z.string().optional(),
    RetainResources: z.array(z.string()).default([]),
  }),
  access: ({ StackName, RoleARN }, call) => stackAccess('DeleteStack', StackName, call, RoleARN),
  run: async ({ StackName, RoleARN, RetainResources }, call) => {
    const known = findStack(call.world, call, StackName);
    if (known === undefined || known.status === 'DELETE_COMPLETE') return {};
    refuseWhileRunning(call, known.name);
    if (RetainResources.length > 0 && known.status !== 'DELETE_FAILED')
      throw new AwsError(
        'ValidationError',
        `Invalid operation on stack [${known.id}]. Specify resources to retain only when the current stack status is DELETE_FAILED.`,
      );
    const caller = await deployer(call, known.name, RoleARN ?? known.roleArn);
    const how = { caller, cause: call.cause, retained: RetainResources };
    runStack(call.world, { ...call, stackName: known.name }, () => removeStack(call.world, known, how));
    return {};
  },
});

async function begin(input: StackInput, call: Call, before: Stack | undefined) {
  const stackName = before?.name ?? input.StackName;
  refuseWhileRunning(call, stackName);
  const template = await templateOf(input, call);
  checkCapabilities(template, input.Capabilities);
  const { account, region, world, cause } = call;
  const roleArn = input.RoleARN ?? before?.roleArn;
  const parameters = parametersOf(input, before?.parameters);
  inAwsWords(() => prepare(world, { account, region, stackName, stackId: before?.id ?? '' }, template, parameters));
  const caller = await deployer(call, stackName, roleArn);
  const wanted = {
    account,
    region,
    stackName,
    template,
    parameters,
    tags: tagsOf(input),
    caller,
    cause,
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  const work = deploy(world, wanted);
  const first = await Promise.race([work, Promise.resolve(undefined)]);
  if (first?.unchanged) throw new AwsError('ValidationError', 'No updates are to be performed.');
  runStack(world, wanted, () => work);
  return { StackId: findStack(world, call, stackName)?.id ?? (await work).stackId };
}

function refuseWhileRunning(call: Call, stackName: string): void {
  if (!isRunning(call.world, { ...call, stackName })) return;
  throw new AwsError('ValidationError', `Stack:${stackName} is in an IN_PROGRESS state and can not be updated.`);
}

/** The stack of that name or ARN. Throws ValidationError as CloudFormation does. */
export function existing(call: Pick<Call, 'world' | 'account' | 'region'>, name: string): Stack {
  const known = findStack(call.world, call, name);
  if (known === undefined || (known.status === 'DELETE_COMPLETE' && !name.startsWith('arn:')))
    throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
  return known;
}
