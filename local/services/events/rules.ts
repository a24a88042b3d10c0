import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { Access, Place, ResourcePolicy } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { rulesOf } from './arrive.ts';
import { findBus, requireBus, resolveBusArn } from './buses.ts';
import { planSchedule } from './schedule.ts';
import { type Bus, type Rule, rules } from './tables.ts';

/** Quotas. Source: facts 2.4. */
const mostRules = 300;
const mostWildcardRules = 30;

/** What PutRule and CloudFormation say about a rule. */
export interface WantedRule {
  readonly name: string;
  readonly bus?: string;
  readonly pattern?: string;
  readonly scheduleExpression?: string;
  readonly description?: string;
  readonly state?: Rule['state'];
  readonly roleArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly createdBy: string;
}

/** The ARN of a rule: the default bus is not named in it. */
export function ruleArn(place: Place, bus: string | undefined, name: string): string {
  const [, , , region, account, path = ''] = resolveBusArn(place, bus).split(':');
  const busName = path.replace(/^event-bus\//, '');
  return `arn:aws:events:${region}:${account}:rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
}

/** The rule of that name on a bus (name, ARN, or the default). Throws AWS's ResourceNotFoundException. */
export function requireRule(world: World, place: Place, bus: string | undefined, name: string): Rule {
  const rule = world.store.in(rules).get(ruleArn(place, bus, name));
  if (rule === undefined) {
    const busName = resolveBusArn(place, bus).split('/').slice(1).join('/');
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName}.`);
  }
  return rule;
}

/** The question for an action on a rule; the policy of its bus may let other accounts in. */
export function ruleAccess(world: World, place: Place, action: string, bus: string | undefined, name: string): Access {
  const found = findBus(world, place, bus);
  return {
    action: `events:${action}`,
    resource: ruleArn(place, bus, name),
    ...(found === undefined ? {} : { owner: found.account, ...busPolicy(found) }),
  };
}

/** The policy of a bus as IAM is asked about it. */
export const busPolicy = (bus: Bus): { policy?: ResourcePolicy } =>
  bus.policy === undefined ? {} : { policy: { name: `the policy of bus ${bus.name}`, document: bus.policy } };

/** Creates a rule, or replaces all of it but its targets: what is left out is gone, as on AWS. */
export function writeRule(world: World, place: Place, wanted: WantedRule): Rule {
  const bus = requireBus(world, place, wanted.bus);
  const arn = ruleArn(place, wanted.bus, wanted.name);
  const known = world.store.in(rules).get(arn);
  const pattern = wanted.pattern === undefined ? undefined : readPattern(wanted.pattern);
  checkRule(world, bus, wanted, known);
  const rule: Rule = {
    arn,
    account: bus.account,
    region: bus.region,
    busArn: bus.arn,
    busName: bus.name,
    name: wanted.name,
    state: wanted.state ?? 'ENABLED',
    createdBy: known?.createdBy ?? wanted.createdBy,
    targets: known?.targets ?? [],
    tags: known?.tags ?? wanted.tags ?? {},
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    ...(pattern === undefined ? {} : { pattern, patternText: wanted.pattern }),
    ...(wanted.scheduleExpression === undefined ? {} : { scheduleExpression: wanted.scheduleExpression }),
    ...(wanted.roleArn === undefined ? {} : { roleArn: wanted.roleArn }),
  };
  world.store.in(rules).put(arn, rule);
  planSchedule(world, rule.arn);
  return rule;
}

/** A pattern, or AWS's InvalidEventPatternException. */
export function readPattern(text: string): Pattern {
  try {
    return parsePattern(text);
  } catch (error) {
    if (error instanceof Fault) throw new AwsError('InvalidEventPatternException', error.subject);
    throw error;
  }
}

function checkRule(world: World, bus: Bus, wanted: WantedRule, known: Rule | undefined): void {
  if (wanted.pattern === undefined && wanted.scheduleExpression === undefined)
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (wanted.scheduleExpression !== undefined && bus.name !== 'default')
    throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
  const others = rulesOf(world, bus).filter((rule) => rule.arn !== known?.arn);
  const wildcards = others.filter((rule) => hasWildcard(rule.patternText)).length;
  if (others.length >= mostRules || (hasWildcard(wanted.pattern) && wildcards >= mostWildcardRules))
    throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

const hasWildcard = (pattern: string | undefined) => pattern !== undefined && /"wildcard"\s*:/.test(pattern);

/** Deletes a rule that has no targets left. A rule that is not there is no error. */
export function deleteRuleByArn(world: World, arn: string): void {
  const rule = world.store.in(rules).get(arn);
  if (rule === undefined) return;
  if (rule.targets.length > 0) throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
  world.store.in(rules).delete(arn);
  planSchedule(world, arn);
}
