import {
  announced,
  aRule,
  busPolicy,
  elsewhere,
  forwarder,
  here,
  merges,
  only,
  queue,
  root,
  sending,
} from './check-templates.ts';
import type { WrittenResources } from './clouds.ts';

/** A template that a check is to find nothing in, or something. */
export interface CheckCase {
  readonly about: string;
  readonly compliant: boolean;
  readonly resources: WrittenResources;
}

/** A template that a check finds nothing in. */
export const good = (about: string, resources: WrittenResources): CheckCase => ({ about, compliant: true, resources });
/** A template that a check finds something in. */
export const bad = (about: string, resources: WrittenResources): CheckCase => ({ about, compliant: false, resources });

/** Of rules' deliveries and buses' policies. */
export const deliveryCases: Readonly<Record<string, readonly CheckCase[]>> = {
  undelivered: [
    good('a queue that takes them', { ...aRule(merges), ...queue({}, sending('x')) }),
    bad('no queue', aRule(merges, { DeadLetterConfig: undefined })),
    bad('a queue that nobody makes', aRule(merges)),
    bad("a queue that takes another rule's", { ...aRule(merges), ...queue({}, sending('y')) }),
    bad('no second try', {
      ...aRule(merges, { RetryPolicy: { MaximumRetryAttempts: 0 } }),
      ...queue({}, sending('x')),
    }),
    bad(
      'a schedule without a queue',
      only('AWS::Scheduler::Schedule', { Target: { Arn: 'a', RoleArn: `arn:aws:iam::${here}:role/r` } }),
    ),
    bad('a function whose failures are gone', {
      ...aRule(merges, { Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }),
      ...queue({}, sending('x')),
      Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
    }),
  ],
  'wide-bus-policy': [
    good(
      'one role and one kind of event',
      busPolicy({
        Principal: root,
        Action: 'events:PutEvents',
        Condition: { ArnEquals: { 'aws:PrincipalArn': forwarder }, StringEquals: announced },
      }),
    ),
    good(
      'one role by its name',
      busPolicy({ Principal: { AWS: forwarder }, Action: 'events:PutEvents', Condition: { StringEquals: announced } }),
    ),
    bad(
      'an organisation',
      busPolicy({
        Principal: '*',
        Action: 'events:PutEvents',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', ...announced } },
      }),
    ),
    bad(
      'a whole account',
      busPolicy({ Principal: root, Action: 'events:PutEvents', Condition: { StringEquals: announced } }),
    ),
    bad(
      'two roles',
      busPolicy({
        Principal: root,
        Action: 'events:PutEvents',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [forwarder, `${forwarder}2`] }, StringEquals: announced },
      }),
    ),
    bad(
      'roles by wildcard',
      busPolicy({
        Principal: root,
        Action: 'events:PutEvents',
        Condition: { ArnLike: { 'aws:PrincipalArn': `${forwarder}*` }, StringEquals: announced },
      }),
    ),
    bad('any source', busPolicy({ Principal: { AWS: forwarder }, Action: 'events:PutEvents' })),
    bad(
      'more actions',
      busPolicy({ Principal: { AWS: forwarder }, Action: 'events:*', Condition: { StringEquals: announced } }),
    ),
    bad('the old form with an account', {
      Policy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: 'default', StatementId: 's', Action: 'events:PutEvents', Principal: elsewhere },
      },
    }),
  ],
};
