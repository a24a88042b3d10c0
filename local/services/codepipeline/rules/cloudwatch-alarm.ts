import { acting } from '../acting.ts';
import { ActionFailure } from '../actions/action.ts';
import type { RuleProvider } from './rule.ts';

/** CloudWatchAlarm: whether an alarm is in none of the states that are watched for, once the wait is over. */
export const cloudWatchAlarm: RuleProvider = {
  simplified: 'The alarm is looked at once, when WaitTime has passed.',
  required: ['AlarmName'],
  optional: ['AlarmStates', 'WaitTime'],
  ask: async (context) => {
    const { world, configuration } = context;
    const { AlarmName: name = '', AlarmStates: states = 'ALARM', WaitTime: wait = '0' } = configuration;
    if (!/^\d{1,5}$/.test(wait))
      throw new ActionFailure('ConfigurationError', `WaitTime '${wait}' is no number of minutes`);
    if (Number(wait) > 0) await world.clock.sleep(Number(wait) * 60_000);
    const describe = acting(context, 'cloudwatch')<{ MetricAlarms: readonly { StateValue: string }[] }>;
    const { MetricAlarms } = await describe('DescribeAlarms', { AlarmNames: [name] });
    const state = MetricAlarms[0]?.StateValue;
    if (state === undefined) throw new ActionFailure('ConfigurationError', `there is no alarm '${name}'`);
    if (states.split(',').some((each) => each.trim() === state))
      throw new ActionFailure('JobFailed', `alarm ${name} is in state ${state}`);
    return `alarm ${name} is in state ${state}`;
  },
};
