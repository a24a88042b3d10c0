import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Required } from '../events/evidence.ts';
import { startDecidedDetailType, startDecidedSource } from '../events/start-decided.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { HandlerFunction } from '../shared/constructs/handler-function.ts';
import { Fault } from '../shared/fault.ts';
import {
  devopsBusArn,
  environmentPrefix,
  pipelineArn,
  pipelineName,
  readRole,
  sourceStageName,
  starterRole,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { parametersOf } from './releasing.ts';

/** What the starter's logs and metrics call it. */
const service = 'start-pipeline';

/** Start: the small controller that makes each pipeline converge on the head of its branch, with the ledger of what it started. */
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
    this.#allow(ledger, definitions);
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
    const functionName = `${this.#prefix}-start-pipeline`;
    const failed = deadLetters(this, 'Failed', `${functionName}-failed`);
    const starter = new HandlerFunction(this, 'Starter', {
      account: this.#environment.account,
      functionName,
      service,
      role: starterRole(this.#environment),
      entry: join(import.meta.dirname, 'handlers', 'start-pipeline.ts'),
      timeout: Duration.seconds(60),
      environment: this.#settings(ledger, definitions),
      failed,
    });
    alarms.onDeadLetters(failed, `${functionName}-failed`);
    alarms.onErrors(starter.fn, functionName);
    return starter;
  }

  #settings(ledger: Table, definitions: readonly PipelineDefinition[]): Record<string, string> {
    const { devops } = this.#organisation;
    const { name, branch } = this.#environment;
    return {
      ENVIRONMENT: name,
      BRANCH: branch,
      DEVOPS_ACCOUNT: devops.account,
      DEVOPS_BUS_ARN: devopsBusArn(devops),
      READ_ROLE_ARN: readRole(devops, name).arn,
      LEDGER_TABLE: ledger.tableName,
      STARTER_ROLE_NAME: starterRole(this.#environment).roleName,
      PIPELINES: JSON.stringify(definitions.map((definition) => settingsOf(definition, name, this.#organisation))),
    };
  }

  #allow(ledger: Table, definitions: readonly PipelineDefinition[]): void {
    const { devops } = this.#organisation;
    const { name } = this.#environment;
    const pipelines = definitions.map((definition) =>
      pipelineArn(this.#environment, pipelineName(definition.service, name)),
    );
    const sources = pipelines.map((arn) => `${arn}/${sourceStageName}`);
    this.starter.allow('Ledger', ['dynamodb:GetItem', 'dynamodb:PutItem'], [ledger.tableArn]);
    this.starter.allow('ReadBranches', ['sts:AssumeRole'], [readRole(devops, name).arn]);
    this.starter.allow('Start', [...looks, 'codepipeline:StartPipelineExecution'], pipelines);
    this.starter.allow('RetrySource', ['codepipeline:RetryStageExecution'], [...pipelines, ...sources]);
    const written = parametersOf(this.#environment, definitions);
    this.starter.allow('ReadHolds', ['ssm:GetParameterHistory'], written);
    this.starter.allow('Report', ['events:PutEvents'], [devopsBusArn(devops)], {
      conditions: {
        StringEquals: { 'events:source': startDecidedSource, 'events:detail-type': startDecidedDetailType },
      },
    });
  }

  #watchUndelivered(alarms: Alarms): void {
    const metric = new Metric({
      namespace: 'mergecast',
      metricName: 'Undelivered',
      dimensionsMap: { service, environment: this.#environment.name },
      // Longer than the sweep's own five minutes, so that a late sweep does not turn the alarm off and on again.
      period: Duration.minutes(15),
      statistic: 'Sum',
    });
    alarms.onAny(
      metric,
      `${this.#prefix}-undelivered`,
      'A head cannot be read, or its source action failed too often: it is not delivered. The trail has the reason, mergecast trace shows it.',
    );
  }
}

const looks = [
  'codepipeline:GetPipelineExecution',
  'codepipeline:ListPipelineExecutions',
  'codepipeline:ListActionExecutions',
];

const settingsOf = (
  { repository, service, paths, freezes, required }: PipelineDefinition,
  environment: string,
  { environments }: Organisation,
) => ({
  pipeline: pipelineName(service, environment),
  repository,
  ...(paths === undefined ? {} : { paths }),
  ...(freezes.length === 0 ? {} : { freezes }),
  ...(required.length === 0
    ? {}
    : { requires: [...new Set(required)].map((name) => requirement(name, repository, service, environments)) }),
});

/** The pipeline of another environment that has to finish a commit first. Throws OwnerFileInvalid when there is none. */
function requirement(
  required: string,
  repository: string,
  service: string,
  environments: readonly Environment[],
): Required {
  const found = environments.find(({ name }) => name === required);
  if (found === undefined || !found.repositories.includes(repository))
    throw new Fault(
      'OwnerFileInvalid',
      `pipeline('${service}'): requires('${required}'), which does not follow ${repository}: name an environment that does`,
    );
  return { environment: required, account: found.account, pipeline: pipelineName(service, required) };
}
