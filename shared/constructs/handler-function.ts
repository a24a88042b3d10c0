import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
import { bundled } from './bundle.ts';

/** What a function of ours is made from. */
export interface HandlerFunctionProps {
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  /** The role's path and name. */
  readonly role: { readonly path: string; readonly roleName: string };
  /** The handler's source file. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** Where Lambda puts what it has tried three times. */
  readonly deadLetters: Queue;
}

/** One of our functions, with its own role, log group and last resort for what fails. Its role may only write its own logs until more is granted. */
export class HandlerFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = this.#makeRole(props, logGroup);
    this.fn = this.#makeFunction(props, logGroup);
    this.#giveUpInto(props.deadLetters);
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

  /** Grants the function's role something. */
  allow(
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Record<string, Record<string, string>>,
  ): void {
    this.role.addToPolicy(
      new PolicyStatement({
        sid,
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions ? { conditions } : {}),
      }),
    );
  }

  #makeRole({ account, region, functionName, role }: HandlerFunctionProps, logGroup: LogGroup): Role {
    const made = new Role(this, 'Role', {
      ...role,
      description: `What ${functionName} runs as`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:lambda:${region}:${account}:function:${functionName}` },
        },
      }),
    });
    made.addToPolicy(
      new PolicyStatement({
        sid: 'OwnLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    return made;
  }

  #makeFunction(
    { functionName, entry, timeout, environment }: HandlerFunctionProps,
    logGroup: LogGroup,
  ): LambdaFunction {
    return new LambdaFunction(this, 'Function', {
      functionName,
      role: this.role,
      logGroup,
      code: bundled(entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      loggingFormat: LoggingFormat.TEXT,
      memorySize: 256,
      timeout,
      environment: {
        POWERTOOLS_SERVICE_NAME: functionName.replace(/^mergecast-/, ''),
        POWERTOOLS_METRICS_NAMESPACE: 'mergecast',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...environment,
      },
    });
  }

  #giveUpInto(deadLetters: Queue): void {
    new CfnEventInvokeConfig(this, 'GivenUp', {
      functionName: this.fn.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
    });
    this.allow('GivenUp', ['sqs:SendMessage'], [deadLetters.queueArn]);
  }
}
