import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { startDecidedDetailType, startDecidedSource } from '../events/start-decided.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { HandlerFunction } from '../shared/constructs/handler-function.ts';
import {
  devopsBusArn,
  environmentPrefix,
  pipelineName,
  readRole,
  sourceActionName,
  sourceStageName,
  starterRole,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';

/** Start: the small controller that makes each pipeline converge on the head of its branch, run by events and by the sweep. */
export class Starting extends Construct {
  readonly starter: HandlerFunction;
  readonly #organisation: Organisation;
  readonly #environment: Environment;
  readonly #prefix: string;

  constructor(
    scope: Construct,
    id: string,
    organisation: Organisation,
    environment: Environment,
    definitions: readonly PipelineDefinition[],
    alarms: Alarms,
  ) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    this.#prefix = environmentPrefix(environment.name);
    const ledger = this.#makeLedger();
    this.starter = this.#makeStarter(ledger, definitions, alarms);
    this.#grant(ledger, definitions);
    this.#sweep(alarms);
    this.#watchUndelivered(alarms);
  }

  #makeLedger(): Table {
    return new Table(this, 'Ledger', {
      tableName: `${this.#prefix}-ledger`,
      partitionKey: { name: 'pipeline', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #makeStarter(ledger: Table, definitions: readonly PipelineDefinition[], alarms: Alarms): HandlerFunction {
    const { devops } = this.#organisation;
    const { name, branch } = this.#environment;
    const functionName = `${this.#prefix}-start-pipeline`;
    const failed = deadLetters(this, 'Failed', `${functionName}-failed`);
    const { path, roleName } = starterRole(this.#environment);
    const starter = new HandlerFunction(this, 'Starter', {
      ...this.#environment,
      functionName,
      role: { path, roleName },
      entry: join(import.meta.dirname, 'handlers', 'start-pipeline.ts'),
      timeout: Duration.seconds(60),
      environment: {
        POWERTOOLS_SERVICE_NAME: 'start-pipeline',
        ENVIRONMENT: name,
        BRANCH: branch,
        DEVOPS_ACCOUNT: devops.account,
        DEVOPS_BUS_ARN: devopsBusArn(devops),
        READ_ROLE_ARN: readRole(devops, name).arn,
        LEDGER_TABLE: ledger.tableName,
        STARTER_ROLE_NAME: roleName,
        PIPELINES: JSON.stringify(definitions.map((definition) => settingsOf(definition, name))),
      },
      deadLetters: failed,
    });
    alarms.onDeadLetters(failed, `${functionName}-failed`);
    alarms.onErrors(starter.fn, functionName);
    return starter;
  }

  #grant(ledger: Table, definitions: readonly PipelineDefinition[]): void {
    const { devops } = this.#organisation;
    const { account, region, name } = this.#environment;
    const pipelines = definitions.map(
      ({ repository }) => `arn:aws:codepipeline:${region}:${account}:${pipelineName(repository, name)}`,
    );
    const sources = pipelines.map((arn) => `${arn}/${sourceStageName}`);
    this.starter.allow('Ledger', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [ledger.tableArn]);
    this.starter.allow('ReadBranches', ['sts:AssumeRole'], [readRole(devops, name).arn]);
    this.starter.allow(
      'Start',
      [
        'codepipeline:GetPipelineExecution',
        'codepipeline:ListPipelineExecutions',
        'codepipeline:StartPipelineExecution',
        'codepipeline:GetPipelineState',
        'codepipeline:ListActionExecutions',
      ],
      pipelines,
    );
    this.starter.allow('RetrySource', ['codepipeline:RetryStageExecution'], [...pipelines, ...sources]);
    this.starter.allow('Report', ['events:PutEvents'], [devopsBusArn(devops)], {
      StringEquals: { 'events:source': startDecidedSource, 'events:detail-type': startDecidedDetailType },
    });
  }

  #sweep(alarms: Alarms): void {
    const { account, region } = this.#environment;
    const name = `${this.#prefix}-sweep`;
    const group = new CfnScheduleGroup(this, 'Schedules', { name: this.#prefix });
    const arn = `arn:aws:scheduler:${region}:${account}:schedule/${this.#prefix}/${name}`;
    const groupArn = `arn:aws:scheduler:${region}:${account}:schedule-group/${this.#prefix}`;
    const undelivered = deadLetters(this, 'Unswept', `${name}-undelivered`);
    admitSender(undelivered, 'scheduler.amazonaws.com', arn, account);
    // AWS documents the schedule group as the source; either is this environment's own.
    const role = new Role(this, 'Sweeper', {
      path: `/mergecast/${this.#environment.name}/`,
      roleName: `${this.#prefix}-sweeper`,
      description: 'The schedule that runs the starter every 5 minutes acts as this role',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': [groupArn, arn] } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'Sweep',
        effect: Effect.ALLOW,
        actions: ['lambda:InvokeFunction'],
        resources: [this.starter.fn.functionArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        sid: 'GivenUp',
        effect: Effect.ALLOW,
        actions: ['sqs:SendMessage'],
        resources: [undelivered.queueArn],
      }),
    );
    const schedule = new CfnSchedule(this, 'Sweep', {
      name,
      groupName: this.#prefix,
      description: 'Heals what events lost: the starter looks at every branch',
      scheduleExpression: 'rate(5 minutes)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.starter.fn.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ source: 'mergecast.sweep' }),
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 2 },
      },
    });
    schedule.addResourceDependency(group);
    schedule.node.addDependency(role);
    alarms.onDeadLetters(undelivered, `${name}-undelivered`);
  }

  #watchUndelivered(alarms: Alarms): void {
    const metric = new Metric({
      namespace: 'mergecast',
      metricName: 'Undelivered',
      dimensionsMap: { service: 'start-pipeline', environment: this.#environment.name },
      period: Duration.minutes(5),
      statistic: 'Sum',
    });
    alarms.onAny(
      metric,
      `${this.#prefix}-undelivered`,
      'A source action failed too often: its commit is not delivered. Look at the execution that the trail names.',
    );
  }
}

const settingsOf = ({ repository, paths, freezes }: PipelineDefinition, environment: string) => ({
  pipeline: pipelineName(repository, environment),
  repository,
  sourceStage: sourceStageName,
  sourceAction: sourceActionName,
  ...(paths === undefined ? {} : { paths }),
  ...(freezes.length === 0 ? {} : { freezes }),
});
