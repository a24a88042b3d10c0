import type { ResourceModel, Service } from '../../world/service.ts';
import { describeInstances } from './describe-instances.ts';
import { instance } from './instance.ts';
import { instanceProfile } from './instance-profile.ts';

/** Amazon EC2, as far as CodeDeploy needs it: instances that are directories. */
export const ec2: Service = {
  name: 'ec2',
  operations: { DescribeInstances: describeInstances },
};

export const ec2Resources: Readonly<Record<string, ResourceModel>> = {
  'AWS::EC2::Instance': instance,
  'AWS::IAM::InstanceProfile': instanceProfile,
};
