import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnResourcePolicy, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { branchMergedSource } from '../events/branch-merged.ts';
import { pipelineStateSource } from '../events/pipeline-state.ts';
import { startDecidedSource } from '../events/start-decided.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import { devopsBusName, type Home, ruleArn, trailLogGroupName } from '../shared/names.ts';

const ruleName = 'trail';
const queueName = 'mergecast-trail-undelivered';

/** Trail: everything that passes the DevOps bus is written down where auditors read. */
export class Trail extends Construct {
  readonly #home: Home;
  readonly #groupArn: string;

  constructor(scope: Construct, id: string, home: Home, alarms: Alarms) {
    super(scope, id);
    this.#home = home;
    this.#groupArn = `arn:aws:logs:${home.region}:${home.account}:log-group:${trailLogGroupName}`;
    const group = this.#makeGroup();
    this.#admitRule();
    this.#makeRule(group, alarms);
  }

  #makeGroup(): LogGroup {
    return new LogGroup(this, 'Group', {
      logGroupName: trailLogGroupName,
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #makeRule(group: LogGroup, alarms: Alarms): void {
    const undelivered = deadLetters(this, 'Undelivered', queueName);
    makeRule(this, 'Rule', {
      home: this.#home,
      name: ruleName,
      bus: devopsBusName,
      description: 'Announcements, decisions and state changes go to the trail',
      pattern: { source: [branchMergedSource, startDecidedSource, pipelineStateSource] },
      target: { id: 'trail', arn: this.#groupArn },
      undelivered,
    }).node.addDependency(group);
    alarms.onDeadLetters(undelivered, queueName);
    alarms.onFailedInvocations(ruleName, devopsBusName);
  }

  /** A target that is a log group takes no role (facts 2.7): the account's policy for logs admits the rule, and streams without condition, as the guide has it. */
  #admitRule(): void {
    const statement = (sid: string, action: string, condition = {}) => ({
      Sid: sid,
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: action,
      Resource: `${this.#groupArn}:*`,
      ...condition,
    });
    const document = {
      Version: '2012-10-17',
      Statement: [
        statement('Streams', 'logs:CreateLogStream'),
        statement('Records', 'logs:PutLogEvents', {
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn(this.#home, ruleName, devopsBusName) } },
        }),
      ],
    };
    new CfnResourcePolicy(this, 'Policy', { policyName: 'mergecast-trail', policyDocument: JSON.stringify(document) });
  }
}
