import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { groupKey } from './keep.ts';
import { type LogGroup, logGroups, logResourcePolicies } from './tables.ts';

/**
 * The question for an action on a group or stream. The resource carries `:log-stream:` even for a group, as AWS's refusals show it;
 * so a policy on `<group>:*` covers both.
 */
export function logAccess(world: World, action: string, place: Place, group: string, stream = ''): Access {
  const { account, region } = place;
  const documents = world.store
    .in(logResourcePolicies)
    .where((policy) => policy.account === account && policy.region === region)
    .flatMap(({ document }) => statementsOf(document));
  return {
    action: `logs:${action}`,
    resource: `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`,
    ...(documents.length === 0
      ? {}
      : {
          policy: {
            name: `the resource policies of CloudWatch Logs in ${account}`,
            document: { Version: '2012-10-17', Statement: documents },
          },
        }),
  };
}

function statementsOf(document: unknown): readonly unknown[] {
  const statement = (document as { Statement?: unknown }).Statement;
  return Array.isArray(statement) ? (statement as unknown[]) : [statement];
}

/** The group of that name. Throws ResourceNotFoundException. */
export function requireGroup(world: World, place: Place, name: string): LogGroup {
  const group = world.store.in(logGroups).get(groupKey(place, name));
  if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

/** A group's name from its name or ARN. */
export const groupName = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn.split(':').slice(6).join(':').replace(/:\*$/, '') : nameOrArn;
