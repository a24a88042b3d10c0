import type { Template } from '../../../languages/template/types.ts';
import type { Call } from '../../world/service.ts';
import { type Deployment, deploy, findStack, type StackOutcome } from './deploy.ts';
import { runStack } from './running.ts';
import { prepare } from './scope.ts';
import { deployer, inAwsWords } from './stack-input.ts';
import { refuseTypeChanges } from './states.ts';
import type { Stack } from './tables.ts';

/** What to deploy, once a request's template and parameters are read. */
export interface Begun extends Pick<Deployment, 'onFailure' | 'clientToken' | 'terminationProtected' | 'roleArn'> {
  readonly before: Stack | undefined;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Begins a deployment in the background and answers the stack's ARN, with the outcome when it ended at once. Throws ValidationError for a template or
 * parameters that are wrong before anything is touched.
 */
export async function beginDeployment(
  call: Call,
  stackName: string,
  { before, ...wanted }: Begun,
): Promise<{ readonly stackId: string; readonly outcome: Promise<StackOutcome>; readonly ended?: StackOutcome }> {
  const { account, region, world, cause } = call;
  const at = { account, region, stackName, stackId: before?.id ?? '' };
  const { template } = inAwsWords(() => prepare(world, at, wanted.template, wanted.parameters));
  refuseTypeChanges(before, template.resources);
  const caller = await deployer(call, stackName, wanted.roleArn);
  const outcome = deploy(world, { ...wanted, account, region, stackName, caller, cause });
  const ended = await Promise.race([outcome, Promise.resolve(undefined)]);
  const stackId = findStack(world, call, stackName)?.id ?? (await outcome).stackId;
  if (ended?.unchanged !== true) runStack(world, { account, region, stackName, cause }, () => outcome);
  return { stackId, outcome, ...(ended === undefined ? {} : { ended }) };
}
