import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { allow } from '../shared/constructs/allow.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { type Home, sealerFunctionName } from '../shared/names.ts';

const groupName = 'mergecast-trail';
const scheduleName = 'mergecast-trail-seal';

/** Runs the sealer a quarter past every hour, when the hour's records have arrived. */
export class SealSchedule extends Construct {
  readonly #home: Home;

  constructor(scope: Construct, id: string, home: Home, sealer: IFunction, alarms: Alarms) {
    super(scope, id);
    this.#home = home;
    const undelivered = this.#makeQueue(alarms);
    const role = this.#makeRole(sealer, undelivered);
    const group = new CfnScheduleGroup(this, 'Group', { name: groupName });
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: scheduleName,
      groupName,
      description: 'Seals the records of the hour that ended',
      scheduleExpression: 'cron(15 * * * ? *)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: sealer.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 1800, maximumRetryAttempts: 3 },
      },
    });
    schedule.addResourceDependency(group);
    schedule.node.addDependency(role);
  }

  #makeRole(sealer: IFunction, undelivered: Queue): Role {
    const { account, region } = this.#home;
    const group = `arn:aws:scheduler:${region}:${account}:schedule-group/${groupName}`;
    const role = new Role(this, 'Role', {
      path: '/mergecast/',
      roleName: `${sealerFunctionName}-schedule`,
      description: 'The schedule that seals the trail every hour acts as this role',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnEquals: { 'aws:SourceArn': [group, this.#scheduleArn] },
        },
      }),
    });
    allow(role, 'Seal', ['lambda:InvokeFunction'], [sealer.functionArn]);
    allow(role, 'GivenUp', ['sqs:SendMessage'], [undelivered.queueArn]);
    return role;
  }

  #makeQueue(alarms: Alarms): Queue {
    const queueName = `${scheduleName}-undelivered`;
    const queue = deadLetters(this, 'Undelivered', queueName);
    admitSender(queue, 'scheduler.amazonaws.com', this.#scheduleArn, this.#home.account);
    alarms.onDeadLetters(queue, queueName);
    return queue;
  }

  get #scheduleArn(): string {
    const { account, region } = this.#home;
    return `arn:aws:scheduler:${region}:${account}:schedule/${groupName}/${scheduleName}`;
  }
}
