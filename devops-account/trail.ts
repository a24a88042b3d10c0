import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnResourcePolicy, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { branchMergedSource } from '../events/branch-merged.ts';
import { pipelineStateSource } from '../events/pipeline-state.ts';
import { startDecidedSource } from '../events/start-decided.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { devopsBusName, type Home, ruleArn, trailLogGroupName } from '../shared/names.ts';

const ruleName = 'trail';

/** Trail: everything that passes the DevOps bus is written down where auditors read. */
export class Trail extends Construct {
  readonly #home: Home;

  constructor(scope: Construct, id: string, home: Home, alarms: Alarms) {
    super(scope, id);
    this.#home = home;
    const group = this.#makeGroup();
    const undelivered = deadLetters(this, 'Undelivered', 'mergecast-trail-undelivered');
    admitSender(undelivered, 'events.amazonaws.com', ruleArn(home, ruleName, devopsBusName), home.account);
    new CfnRule(this, 'Rule', {
      name: ruleName,
      description: 'Announcements, decisions and state changes go to the trail',
      eventBusName: devopsBusName,
      eventPattern: { source: [branchMergedSource, startDecidedSource, pipelineStateSource] },
      targets: [{ id: 'trail', arn: this.#groupArn, deadLetterConfig: { arn: undelivered.queueArn } }],
    }).node.addDependency(group);
    alarms.onDeadLetters(undelivered, 'mergecast-trail-undelivered');
    alarms.onFailedInvocations(ruleName, devopsBusName);
  }

  get #groupArn(): string {
    return `arn:aws:logs:${this.#home.region}:${this.#home.account}:log-group:${trailLogGroupName}`;
  }

  #makeGroup(): LogGroup {
    const group = new LogGroup(this, 'Group', {
      logGroupName: trailLogGroupName,
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Trail',
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${this.#groupArn}:*`,
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn(this.#home, ruleName, devopsBusName) } },
        },
      ],
    };
    new CfnResourcePolicy(this, 'Policy', { policyName: 'mergecast-trail', policyDocument: JSON.stringify(policy) });
    return group;
  }
}
