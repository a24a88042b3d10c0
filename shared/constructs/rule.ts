import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Home, ruleArn } from '../names.ts';
import { admitSender } from './dead-letters.ts';

/** What a rule takes and where it delivers. */
export interface RuleProps {
  readonly home: Home;
  readonly name: string;
  /** @default - the default bus */
  readonly bus?: string;
  readonly description: string;
  readonly pattern: object;
  readonly target: {
    readonly id: string;
    readonly arn: string;
    readonly roleArn?: string;
    /** What the target gets in place of the event: values by name and JSON path, and a template with `<name>`. @default - the event */
    readonly inputTransformer?: {
      readonly inputPathsMap: Readonly<Record<string, string>>;
      readonly inputTemplate: string;
    };
  };
  /** Takes what could not be delivered for a day. */
  readonly undelivered: Queue;
}

/** A rule with one target, which is tried for a day, 185 times, before the event becomes a dead letter. */
export function makeRule(scope: Construct, id: string, props: RuleProps): CfnRule {
  const { home, name, bus, description, pattern, target, undelivered } = props;
  admitSender(undelivered, 'events.amazonaws.com', ruleArn(home, name, bus), home.account);
  return new CfnRule(scope, id, {
    name,
    description,
    eventPattern: pattern,
    ...(bus === undefined ? {} : { eventBusName: bus }),
    targets: [
      {
        ...target,
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      },
    ],
  });
}
