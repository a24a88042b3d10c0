import type { ResourceModel, Service } from '../../world/service.ts';
import { createStack, deleteStack, updateStack } from './change-stack.ts';
import {
  describeStackEvents,
  describeStackResources,
  describeStacks,
  getTemplate,
  listStacks,
} from './describe-stacks.ts';
import { listExports, listImports } from './list-exports.ts';

/** AWS CloudFormation. The engine itself is `deploy.ts`. */
export const cloudformation: Service = {
  name: 'cloudformation',
  queryNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: {
    CreateStack: createStack,
    DeleteStack: deleteStack,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    GetTemplate: getTemplate,
    ListExports: listExports,
    ListImports: listImports,
    ListStacks: listStacks,
    UpdateStack: updateStack,
  },
};

export const cloudformationResources: Readonly<Record<string, ResourceModel>> = {};
