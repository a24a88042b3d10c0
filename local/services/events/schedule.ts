import type { World } from '../../world/world.ts';
import { nextRun, parseSchedule } from '../scheduler/expression.ts';
import { deliver } from './deliver.ts';
import { measureRule } from './measure.ts';
import { type BusEvent, type Rule, rules } from './tables.ts';

/** Plans the next run of a rule with a schedule, instead of whatever was planned for it. A rule without one, or gone, plans nothing. */
export function planSchedule(world: World, arn: string): void {
  const key = `events/schedule/${arn}`;
  void world.live.close(key);
  const rule = world.store.in(rules).get(arn);
  if (rule?.scheduleExpression === undefined) return;
  const expression = parseSchedule(rule.scheduleExpression, 'rule');
  if (rule.state === 'DISABLED') return;
  const next = nextRun(expression, { after: world.clock.now(), since: world.clock.now(), zone: 'UTC' });
  if (next === undefined) return;
  const timer = world.clock.after(next - world.clock.now(), () => {
    run(world, arn, next);
    planSchedule(world, arn);
  });
  world.live.get(key, () => ({ close: () => timer.cancel() }));
}

function run(world: World, arn: string, at: number): void {
  const rule = world.store.in(rules).get(arn);
  if (rule === undefined) return;
  const event = scheduledEvent(world, rule, at);
  const cause = world.journal.write({
    kind: 'match',
    account: rule.account,
    region: rule.region,
    subject: arn,
    text: `rule ${rule.name} is due by its schedule ${rule.scheduleExpression}`,
    detail: { rule: rule.name, eventId: event.id, matched: true },
  });
  measureRule(world, rule, 'TriggeredRules');
  for (const target of rule.targets) deliver(world, { rule, target, event, path: [], cause });
}

/** Source: the scheduled events page of the EventBridge guide. */
const scheduledEvent = (world: World, rule: Rule, at: number): BusEvent => ({
  version: '0',
  id: world.chance.uuid(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: rule.account,
  time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
  region: rule.region,
  resources: [rule.arn],
  detail: {},
});
