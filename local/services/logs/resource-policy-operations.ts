import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { groupKey } from './keep.ts';
import { type LogResourcePolicy, logResourcePolicies } from './tables.ts';

/** Quotas. Source: PutResourcePolicy. */
const mostPolicies = 10;
const longestDocument = 5120;

/** Puts a resource policy, replacing the one of that name. Throws AWS's InvalidParameterException or LimitExceededException. */
export function writeResourcePolicy(world: World, place: Place, name: string, text: string): LogResourcePolicy {
  const rows = world.store.in(logResourcePolicies);
  const { account, region } = place;
  const here = rows.where((row) => row.account === account && row.region === region && row.name !== name);
  if (here.length >= mostPolicies) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  const policy = { account, region, name, document: documentOf(text), updatedAt: world.clock.now() };
  rows.put(groupKey(place, name), policy);
  return policy;
}

function documentOf(text: string): unknown {
  if (text.length > longestDocument)
    throw new AwsError(
      'InvalidParameterException',
      `The policy document must be at most ${longestDocument} characters long.`,
    );
  try {
    const document: unknown = JSON.parse(text);
    parsePolicy(document);
    return document;
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof SyntaxError)) throw error;
    throw new AwsError('InvalidParameterException', `The policy document is not valid: ${error.message}`);
  }
}

const shown = ({ name, document, updatedAt }: LogResourcePolicy) => ({
  policyName: name,
  policyDocument: JSON.stringify(document),
  lastUpdatedTime: Math.floor(updatedAt),
});

/** Puts a resource policy. */
export const putResourcePolicy = operation({
  input: z.object({ policyName: z.string(), policyDocument: z.string() }),
  access: () => [{ action: 'logs:PutResourcePolicy', resource: '*' }],
  run: ({ policyName, policyDocument }, call) => ({
    resourcePolicy: shown(writeResourcePolicy(call.world, call, policyName, policyDocument)),
  }),
});

/** Deletes a resource policy. */
export const deleteResourcePolicy = operation({
  input: z.object({ policyName: z.string() }),
  access: () => [{ action: 'logs:DeleteResourcePolicy', resource: '*' }],
  run: ({ policyName }, call) => {
    if (!call.world.store.in(logResourcePolicies).delete(groupKey(call, policyName)))
      throw new AwsError('ResourceNotFoundException', `Policy with name [${policyName}] does not exist`);
    return {};
  },
});

/** The resource policies of an account and region. */
export const describeResourcePolicies = operation({
  input: z.object({}),
  access: () => [{ action: 'logs:DescribeResourcePolicies', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    resourcePolicies: world.store
      .in(logResourcePolicies)
      .where((policy) => policy.account === account && policy.region === region)
      .map(shown),
  }),
});
