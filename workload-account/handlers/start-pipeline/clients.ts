import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ParameterStore } from '../../../shared/parameter-store.ts';
import type { Settings } from './settings.ts';

/** What the starter talks to. */
export interface Clients {
  /** Acts as the read role in the DevOps account. */
  readonly codecommit: CodeCommitClient;
  /** Reads the trail, by the same role; allowed only where another environment is required. */
  readonly trail: CloudWatchLogsClient;
  readonly codepipeline: CodePipelineClient;
  /** Never tries a call again: a Start call is made once for each generation. */
  readonly codepipelineOnce: CodePipelineClient;
  readonly ledger: DynamoDBDocumentClient;
  readonly events: EventBridgeClient;
  /** What people wrote to hold or release a pipeline. */
  readonly parameters: ParameterStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newEpoch: () => string;
}

// A call that hangs must end well within the function's 60 s, so that the other pipelines are still looked at.
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** The real clients: made once for each warm function, so that connections and credentials are reused. */
export function realClients(settings: Settings): Clients {
  const credentials = readCredentials(settings);
  const codepipeline = new CodePipelineClient({ requestHandler });
  return {
    codecommit: new CodeCommitClient({ requestHandler, credentials }),
    trail: new CloudWatchLogsClient({ requestHandler, credentials }),
    codepipeline,
    codepipelineOnce: new CodePipelineClient({ requestHandler, maxAttempts: 1 }),
    ledger: DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler })),
    events: new EventBridgeClient({ requestHandler }),
    parameters: new ParameterStore({
      region: codepipeline.config.region,
      credentials: codepipeline.config.credentials,
    }),
    logger: new Logger(),
    metrics: new Metrics({ defaultDimensions: { environment: settings.environment } }),
    now: () => Date.now(),
    newEpoch: randomUUID,
  };
}

/** The client asks again shortly before these expire, and not earlier. */
function readCredentials({ readRoleArn, environment }: Settings) {
  const sts = new STSClient({ requestHandler });
  return async () => {
    const question = new AssumeRoleCommand({
      RoleArn: readRoleArn,
      RoleSessionName: `start-pipeline-${environment}`.slice(0, 64),
    });
    const { Credentials: given } = await sts.send(question);
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
      throw new Error(`STS gave no credentials for ${readRoleArn}`);
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
      ...(given.Expiration === undefined ? {} : { expiration: given.Expiration }),
    };
  };
}
