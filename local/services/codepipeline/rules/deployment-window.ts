import { nextCron, parseCron } from '../../scheduler/cron.ts';
import { ActionFailure } from '../actions/action.ts';
import type { RuleProvider } from './rule.ts';

const minute = 60_000;

/** DeploymentWindow: whether the minute that runs is one of the cron expression's. */
export const deploymentWindow: RuleProvider = {
  simplified: 'TimeZone is UTC or the name of a region and city.',
  required: ['Cron'],
  optional: ['TimeZone'],
  ask: ({ world, configuration }) => {
    const { Cron: cron = '', TimeZone: zone = 'UTC' } = configuration;
    const [seconds, ...rest] = cron.trim().split(/\s+/);
    const fields =
      seconds === '*' || seconds === '0'
        ? parseCron([...rest, ...(rest.length === 5 ? ['*'] : [])].join(' '))
        : undefined;
    if (fields === undefined)
      throw new ActionFailure(
        'ConfigurationError',
        `Cron '${cron}' is no expression of seconds (always *), minutes, hours, day of month, month, day of week and maybe a year`,
      );
    checkZone(zone);
    const now = world.clock.now();
    const start = Math.floor(now / minute) * minute;
    if (nextCron(fields, start - 1, zone) !== start)
      throw new ActionFailure(
        'JobFailed',
        `${new Date(now).toISOString()} is outside the deployment window '${cron}' (${zone})`,
      );
    return `inside the deployment window '${cron}' (${zone})`;
  },
};

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new ActionFailure(
      'ConfigurationError',
      `TimeZone '${zone}' is not known: write a name such as Europe/Vienna`,
    );
  }
}
