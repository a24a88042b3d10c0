import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { busArn, queueArnOf } from '../cloud/policies.ts';
import { listIn, numberIn, objectIn, type Properties, textIn } from '../cloud/values.ts';
import type { Retry } from './types.ts';

/** AWS's own retries, when a target says nothing. Source: "Retrying event delivery" in the EventBridge guide. */
export const fullRetry: Retry = { attempts: 185, ageSeconds: 86_400 };

/** What a target does about events that it cannot deliver. */
export interface Delivery {
  readonly deadLetters?: string;
  readonly retry: Retry;
}

/** The dead-letter queue and the retries of a rule's or schedule's target. */
export function deliveryOf(target: Properties): Delivery {
  const deadLetters = textIn(objectIn(target['DeadLetterConfig'])['Arn']);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = objectIn(target['RetryPolicy']);
  return {
    ...(deadLetters === undefined ? {} : { deadLetters }),
    retry: {
      attempts: numberIn(MaximumRetryAttempts) ?? fullRetry.attempts,
      ageSeconds: numberIn(MaximumEventAgeInSeconds) ?? fullRetry.ageSeconds,
    },
  };
}

/** What watches over a cloud: alarms, archives, and where failed invocations of functions go. */
export class Guards {
  readonly #alarms = new Map<string, string[]>();
  readonly #archives = new Map<string, string[]>();
  readonly #failures = new Map<string, string>();

  constructor(cloud: Cloud) {
    for (const alarm of cloud.ofType('AWS::CloudWatch::Alarm')) this.#readAlarm(alarm);
    for (const archive of cloud.ofType('AWS::Events::Archive')) {
      const bus = busArn(archive, archive.properties['SourceArn']);
      this.#archives.set(bus, [...(this.#archives.get(bus) ?? []), archive.name]);
    }
    for (const config of cloud.ofType('AWS::Lambda::EventInvokeConfig')) {
      const { FunctionName, DestinationConfig } = config.properties;
      const destination = textIn(objectIn(objectIn(DestinationConfig)['OnFailure'])['Destination']);
      const name = (textIn(FunctionName) ?? '').split(':').at(-1) ?? '';
      if (destination !== undefined) this.#failures.set(`${config.account} ${name}`, destination);
    }
    for (const each of cloud.ofType('AWS::Lambda::Function')) {
      const target = textIn(objectIn(each.properties['DeadLetterConfig'])['TargetArn']);
      if (target !== undefined) this.#failures.set(`${each.account} ${each.name}`, target);
    }
  }

  /** Names of the alarms on what a metric's dimension names. */
  alarmsOn(account: string, dimension: 'RuleName' | 'QueueName' | 'FunctionName', name: string): readonly string[] {
    return this.#alarms.get(`${account} ${dimension} ${name}`) ?? [];
  }

  /** Names of the alarms on a queue, by its ARN. */
  alarmsOnQueue(arn: string | undefined): readonly string[] {
    const [, , , , account = '', name = ''] = queueArnOf(arn ?? '').split(':');
    return this.alarmsOn(account, 'QueueName', name);
  }

  /** Names of the archives of a bus. */
  archivesOf(busArn: string): readonly string[] {
    return this.#archives.get(busArn) ?? [];
  }

  /** Where the events of a function go that it failed on. */
  failuresOf({ account, name }: CloudResource): string | undefined {
    return this.#failures.get(`${account} ${name}`);
  }

  #readAlarm({ account, name, properties }: CloudResource): void {
    const nested = listIn(properties['Metrics']).map((metric) =>
      objectIn(objectIn(objectIn(metric)['MetricStat'])['Metric']),
    );
    for (const metric of [properties, ...nested])
      for (const dimension of listIn(metric['Dimensions'])) {
        const { Name, Value } = objectIn(dimension);
        const key = `${account} ${String(Name)} ${textIn(Value) ?? ''}`;
        const known = this.#alarms.get(key);
        if (known) known.push(name);
        else this.#alarms.set(key, [name]);
      }
  }
}
