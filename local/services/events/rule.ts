import { z } from 'zod';
import { policyDocument, tags } from '../../world/properties.ts';
import { type Access, type ResourceCall, resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { passRole } from '../iam/pass-role.ts';
import { ruleName, ruleState } from './put-rule.ts';
import { deleteRuleByArn, ruleArn, writeRule } from './rules.ts';
import { rules } from './tables.ts';
import { passedRoles, targetShape, writeTargets } from './targets.ts';

const properties = z.strictObject({
  Name: ruleName.optional(),
  EventBusName: z.string().optional(),
  EventPattern: policyDocument.optional(),
  ScheduleExpression: z.string().optional(),
  Description: z.string().max(512).optional(),
  State: ruleState.optional(),
  RoleArn: z.string().optional(),
  Targets: z.array(targetShape).optional(),
  Tags: tags.optional(),
});
type Properties = z.output<typeof properties>;

/** AWS::Events::Rule with its targets. */
export const rule = resource({
  properties,
  access,
  put: (wanted, at, previous) => {
    const name = wanted.Name ?? generatedName(at, previous?.attributes['Arn']);
    const wantedArn = ruleArn(at, wanted.EventBusName, name);
    const there = previous?.attributes['Arn'] !== wantedArn && at.world.store.in(rules).has(wantedArn);
    refuseIfThere('AWS::Events::Rule', name, there);
    const { arn } = writeRule(at.world, at, wantedRule(wanted, name, at));
    at.world.store.in(rules).update(arn, (row) => ({ ...row, targets: [] }));
    const row = at.world.store.in(rules).get(arn);
    if (row !== undefined) writeTargets(at.world, row, wanted.Targets ?? []);
    return { physicalId: physicalId(wanted.EventBusName, name), attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => {
    const arn = String(attributes['Arn']);
    world.store.in(rules).update(arn, (row) => ({ ...row, targets: [] }));
    deleteRuleByArn(world, arn);
  },
});

function access(wanted: Properties, at: ResourceCall, change: 'create' | 'update' | 'delete'): readonly Access[] {
  const resourceArn = ruleArn(at, wanted.EventBusName, wanted.Name ?? `${at.stackName}-*`);
  const actions = change === 'delete' ? ['RemoveTargets', 'DeleteRule'] : ['PutRule', 'DescribeRule', 'PutTargets'];
  const passed =
    change === 'delete'
      ? []
      : [
          ...(wanted.RoleArn === undefined ? [] : [passRole(wanted.RoleArn, 'events.amazonaws.com')]),
          ...passedRoles(wanted.Targets ?? []),
        ];
  return [...actions.map((action) => ({ action: `events:${action}`, resource: resourceArn })), ...passed];
}

const wantedRule = (wanted: Properties, name: string, at: ResourceCall) => ({
  name,
  createdBy: at.account,
  tags: { ...at.tags, ...Object.fromEntries((wanted.Tags ?? []).map(({ Key, Value }) => [Key, Value])) },
  ...(wanted.EventBusName === undefined ? {} : { bus: wanted.EventBusName }),
  ...(wanted.EventPattern === undefined ? {} : { pattern: JSON.stringify(wanted.EventPattern) }),
  ...(wanted.ScheduleExpression === undefined ? {} : { scheduleExpression: wanted.ScheduleExpression }),
  ...(wanted.Description === undefined ? {} : { description: wanted.Description }),
  ...(wanted.State === undefined ? {} : { state: wanted.State }),
  ...(wanted.RoleArn === undefined ? {} : { roleArn: wanted.RoleArn }),
});

/** `Ref` answers the rule's name, behind the bus's for a custom bus. */
function physicalId(bus: string | undefined, name: string): string {
  const busName = bus?.split('/').at(-1);
  return busName === undefined || busName === 'default' ? name : `${busName}|${name}`;
}

/** CloudFormation's own names: stack, logical id and some chance. An update keeps the name. */
function generatedName({ stackName, logicalId, world }: ResourceCall, knownArn: unknown): string {
  if (typeof knownArn === 'string') return knownArn.split('/').at(-1) ?? '';
  return `${stackName.slice(0, 24)}-${logicalId.slice(0, 24)}-${world.chance.hex(12)}`;
}
