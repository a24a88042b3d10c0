import { call } from '../../../world/call.ts';
import { ActionFailure } from '../actions/action.ts';
import type { RuleProvider } from './rule.ts';

/** CloudWatchAlarm: whether an alarm is in none of the states that are watched for, once the wait is over. */
export const cloudWatchAlarm: RuleProvider = {
  simplified: 'The alarm is looked at once, when WaitTime has passed.',
  required: ['AlarmName'],
  optional: ['AlarmStates', 'WaitTime'],
  ask: async ({ world, execution, configuration, session }) => {
    const { AlarmName: name = '', AlarmStates: states = 'ALARM', WaitTime: wait = '0' } = configuration;
    if (!/^\d{1,5}$/.test(wait))
      throw new ActionFailure('ConfigurationError', `WaitTime '${wait}' is no number of minutes`);
    if (Number(wait) > 0) await world.clock.sleep(Number(wait) * 60_000);
    const { MetricAlarms } = await call<{ MetricAlarms: readonly { StateValue: string }[] }>(world, {
      caller: session,
      account: execution.pipeline.account,
      region: execution.pipeline.region,
      service: 'cloudwatch',
      operation: 'DescribeAlarms',
      input: { AlarmNames: [name] },
      cause: execution.cause,
    });
    const state = MetricAlarms[0]?.StateValue;
    if (state === undefined) throw new ActionFailure('ConfigurationError', `there is no alarm '${name}'`);
    if (states.split(',').some((each) => each.trim() === state))
      throw new ActionFailure('JobFailed', `alarm ${name} is in state ${state}`);
    return `alarm ${name} is in state ${state}`;
  },
};
