import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventInvokeConfig,
  CfnPermission,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RoleAddress } from '../names.ts';
import { type AllowOptions, allow } from './allow.ts';
import { bundled } from './bundle.ts';

/** What a function of ours is made from. */
export interface HandlerFunctionProps {
  /** 12 digits. */
  readonly account: string;
  readonly functionName: string;
  /** What its logs and metrics call it. */
  readonly service: string;
  readonly role: RoleAddress;
  /** The handler's source file. */
  readonly entry: string;
  readonly timeout: Duration;
  /** Variables of its own. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where Lambda puts what it has tried three times. */
  readonly failed: Queue;
}

/** One of our functions, with its own role, log group and last resort for what fails. Its role may only write its own logs until more is allowed. */
export class HandlerFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logs = this.#makeLogs(props);
    this.role = this.#makeRole(props);
    this.allow('OwnLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]);
    this.fn = this.#makeFunction(props, logs);
    this.#giveUpInto(props.failed);
  }

  /** Lets a rule invoke the function. */
  admitRule(id: string, ruleArn: string, account: string): void {
    new CfnPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: this.fn.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: ruleArn,
      sourceAccount: account,
    });
  }

  /** Lets the function do something. */
  allow(sid: string, actions: readonly string[], resources: readonly string[], options?: AllowOptions): void {
    allow(this.role, sid, actions, resources, options);
  }

  #makeLogs({ functionName }: HandlerFunctionProps): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** The trust names no function: only the account is known to be there when Lambda checks a role (as AWS's own samples have it). */
  #makeRole({ account, functionName, role: { path, roleName } }: HandlerFunctionProps): Role {
    return new Role(this, 'Role', {
      path,
      roleName,
      description: `What ${functionName} runs as`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
  }

  #makeFunction(props: HandlerFunctionProps, logGroup: LogGroup): LambdaFunction {
    return new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      role: this.role,
      logGroup,
      code: bundled(props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      loggingFormat: LoggingFormat.TEXT,
      memorySize: 256,
      timeout: props.timeout,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_METRICS_NAMESPACE: 'mergecast',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
    });
  }

  #giveUpInto(failed: Queue): void {
    new CfnEventInvokeConfig(this, 'GivenUp', {
      functionName: this.fn.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: failed.queueArn } },
    });
    this.allow('GivenUp', ['sqs:SendMessage'], [failed.queueArn]);
  }
}
