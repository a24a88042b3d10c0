import type { ResourceModel, Service } from '../world/service.ts';
import { cloudformation, cloudformationResources } from './cloudformation/index.ts';
import { cloudwatch, cloudwatchResources } from './cloudwatch/index.ts';
import { codebuild, codebuildResources } from './codebuild/index.ts';
import { codecommit, codecommitResources } from './codecommit/index.ts';
import { codedeploy, codedeployResources } from './codedeploy/index.ts';
import { codepipeline, codepipelineResources } from './codepipeline/index.ts';
import { dynamodb, dynamodbResources } from './dynamodb/index.ts';
import { ec2, ec2Resources } from './ec2/index.ts';
import { ecr, ecrResources } from './ecr/index.ts';
import { events, eventsResources } from './events/index.ts';
import { iam, iamResources } from './iam/index.ts';
import { kms, kmsResources } from './kms/index.ts';
import { lambda, lambdaResources } from './lambda/index.ts';
import { logs, logsResources } from './logs/index.ts';
import { s3, s3Resources } from './s3/index.ts';
import { scheduler, schedulerResources } from './scheduler/index.ts';
import { secretsmanager, secretsmanagerResources } from './secretsmanager/index.ts';
import { sns, snsResources } from './sns/index.ts';
import { sqs, sqsResources } from './sqs/index.ts';
import { ssm, ssmResources } from './ssm/index.ts';
import { sts } from './sts/index.ts';

/** Every service the local cloud plays, by signing name. */
export const services: Readonly<Record<string, Service>> = {
  cloudformation,
  cloudwatch,
  codebuild,
  codecommit,
  codedeploy,
  codepipeline,
  dynamodb,
  ec2,
  ecr,
  events,
  iam,
  kms,
  lambda,
  logs,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  sts,
};

/** Every CloudFormation type the local cloud plays. A template with any other type is refused by name, never skipped. */
export const resources: Readonly<Record<string, ResourceModel>> = {
  ...cloudformationResources,
  ...cloudwatchResources,
  ...codebuildResources,
  ...codecommitResources,
  ...codedeployResources,
  ...codepipelineResources,
  ...dynamodbResources,
  ...ec2Resources,
  ...ecrResources,
  ...eventsResources,
  ...iamResources,
  ...kmsResources,
  ...lambdaResources,
  ...logsResources,
  ...s3Resources,
  ...schedulerResources,
  ...secretsmanagerResources,
  ...snsResources,
  ...sqsResources,
  ...ssmResources,
};
