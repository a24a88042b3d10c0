import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import type { Permissions } from '../cloud/permissions.ts';
import { listIn, objectIn, type Properties } from '../cloud/values.ts';
import { deliveryOf, fullRetry, Guards } from '../routes/guards.ts';
import { eventBridge } from '../routes/hops.ts';
import type { Check, Examined, Verdict } from './check.ts';

/** A rule, schedule or function without dead letters: what cannot be delivered is gone. A queue that does not take them, or retries cut short, are no better. */
export const undelivered: Check = (examined) => [
  ...examined.cloud
    .ofType('AWS::Events::Rule')
    .flatMap((rule) =>
      listIn(rule.properties['Targets']).flatMap((target) => judgeTarget(rule, objectIn(target), examined)),
    ),
  ...examined.cloud.ofType('AWS::Scheduler::Schedule').flatMap((schedule) => judgeSchedule(schedule, examined)),
  ...judgeFunctions(examined),
];

function judgeTarget(rule: CloudResource, target: Properties, { cloud, permissions }: Examined): readonly Verdict[] {
  const { deadLetters, retry } = deliveryOf(target);
  const short = retry.attempts < fullRetry.attempts || retry.ageSeconds < fullRetry.ageSeconds;
  return [
    ...queueProblem(rule, deadLetters, (queue) => refusal(queue, rule, permissions), cloud),
    ...(short
      ? [
          {
            resource: rule,
            problem: 'deliveries are given up before 24 hours and 185 attempts',
            value: target['RetryPolicy'],
            mend: "leave the target's RetryPolicy out, or set 86400 seconds and 185 attempts",
          },
        ]
      : []),
  ];
}

const refusal = (queue: string, rule: CloudResource, permissions: Permissions): string | undefined => {
  const decision = permissions.mayReach(eventBridge, 'sqs:SendMessage', queue, rule.arn);
  return decision.allowed ? undefined : decision.explanation;
};

/** A schedule sends as its role. */
function judgeSchedule(schedule: CloudResource, { cloud, permissions }: Examined): readonly Verdict[] {
  const target = objectIn(schedule.properties['Target']);
  const role = String(target['RoleArn']);
  const refused = (queue: string): string | undefined => {
    const decision = permissions.may(role, 'sqs:SendMessage', queue);
    return decision.allowed ? undefined : decision.explanation;
  };
  return queueProblem(schedule, deliveryOf(target).deadLetters, refused, cloud);
}

function queueProblem(
  resource: CloudResource,
  queue: string | undefined,
  refused: (queue: string) => string | undefined,
  cloud: Cloud,
): readonly Verdict[] {
  if (queue === undefined)
    return [
      { resource, problem: 'a target has no dead-letter queue', value: undefined, mend: 'give it a DeadLetterConfig' },
    ];
  if (cloud.at(queue) === undefined)
    return [
      {
        resource,
        problem: 'no template makes the dead-letter queue',
        value: queue,
        mend: 'make the queue, or name one that is there',
      },
    ];
  const reason = refused(queue);
  if (reason === undefined) return [];
  return [
    {
      resource,
      problem: `the dead-letter queue does not take its events: ${reason}`,
      value: queue,
      mend: 'allow sqs:SendMessage for it',
    },
  ];
}

/** The functions that rules and schedules set to work. */
function functionsOf({ cloud }: Examined): readonly CloudResource[] {
  const targets = cloud
    .ofType('AWS::Events::Rule')
    .flatMap(({ properties }) => listIn(properties['Targets']).map((target) => String(objectIn(target)['Arn'])));
  const scheduled = cloud
    .ofType('AWS::Scheduler::Schedule')
    .map(({ properties }) => String(objectIn(properties['Target'])['Arn']));
  return [...new Set([...targets, ...scheduled])].flatMap((arn) => {
    const resource = cloud.at(arn);
    return resource?.type === 'AWS::Lambda::Function' ? [resource] : [];
  });
}

function judgeFunctions(examined: Examined): readonly Verdict[] {
  const guards = new Guards(examined.cloud);
  const problem = 'events that the function fails on are gone';
  const mend = 'give it an EventInvokeConfig with a destination on failure';
  return functionsOf(examined)
    .filter((resource) => guards.failuresOf(resource) === undefined)
    .map((resource) => ({ resource, problem, value: undefined, mend }));
}
