import type { ResourceModel, Service } from '../../world/service.ts';
import { describeRepositories } from './describe-repositories.ts';
import { imageRepository } from './repository.ts';

/** Amazon Elastic Container Registry: the repository of the CDK's bootstrap stack. */
export const ecr: Service = {
  name: 'ecr',
  targetPrefix: 'AmazonEC2ContainerRegistry_V20150921',
  operations: { DescribeRepositories: describeRepositories },
};

export const ecrResources: Readonly<Record<string, ResourceModel>> = { 'AWS::ECR::Repository': imageRepository };
