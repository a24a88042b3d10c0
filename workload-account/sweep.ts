import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { sweepSource } from '../events/sweep.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { allow } from '../shared/constructs/allow.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { environmentPrefix, type NamedEnvironment } from '../shared/names.ts';

/** Start, every five minutes: the starter looks at every branch, and so heals what events lost. */
export class Sweep extends Construct {
  readonly #environment: NamedEnvironment;
  readonly #prefix: string;
  readonly #name: string;

  constructor(scope: Construct, id: string, environment: NamedEnvironment, starter: IFunction, alarms: Alarms) {
    super(scope, id);
    this.#environment = environment;
    this.#prefix = environmentPrefix(environment.name);
    this.#name = `${this.#prefix}-sweep`;
    const undelivered = this.#makeQueue(alarms);
    this.#makeSchedule(starter, this.#makeRole(starter, undelivered), undelivered);
  }

  #makeSchedule(starter: IFunction, role: Role, undelivered: Queue): void {
    const group = new CfnScheduleGroup(this, 'Group', { name: this.#prefix });
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: this.#name,
      groupName: this.#prefix,
      description: 'Heals what events lost: the starter looks at every branch',
      scheduleExpression: 'rate(5 minutes)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: starter.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ source: sweepSource }),
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 2 },
      },
    });
    schedule.addResourceDependency(group);
    schedule.node.addDependency(role);
  }

  /** AWS documents the schedule's group as the source; either is this environment's own. */
  #makeRole(starter: IFunction, undelivered: Queue): Role {
    const { account, region, name } = this.#environment;
    const group = `arn:aws:scheduler:${region}:${account}:schedule-group/${this.#prefix}`;
    const role = new Role(this, 'Role', {
      path: `/mergecast/${name}/`,
      roleName: `${this.#prefix}-sweeper`,
      description: 'The schedule that runs the starter every 5 minutes acts as this role',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnEquals: { 'aws:SourceArn': [group, this.#scheduleArn] },
        },
      }),
    });
    allow(role, 'Sweep', ['lambda:InvokeFunction'], [starter.functionArn]);
    allow(role, 'GivenUp', ['sqs:SendMessage'], [undelivered.queueArn]);
    return role;
  }

  #makeQueue(alarms: Alarms): Queue {
    const queueName = `${this.#name}-undelivered`;
    const queue = deadLetters(this, 'Undelivered', queueName);
    admitSender(queue, 'scheduler.amazonaws.com', this.#scheduleArn, this.#environment.account);
    alarms.onDeadLetters(queue, queueName);
    return queue;
  }

  get #scheduleArn(): string {
    const { account, region } = this.#environment;
    return `arn:aws:scheduler:${region}:${account}:schedule/${this.#prefix}/${this.#name}`;
  }
}
