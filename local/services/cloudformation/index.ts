import type { ResourceModel, Service } from '../../world/service.ts';
import { deleteChangeSet, describeChangeSet, executeChangeSet, listChangeSets } from './change-sets.ts';
import { createStack, deleteStack, updateStack } from './change-stack.ts';
import { createChangeSet } from './create-change-set.ts';
import { describeStacks, listStacks } from './describe-stacks.ts';
import { listExports, listImports } from './list-exports.ts';
import { continueUpdateRollback, updateTerminationProtection } from './rollback.ts';
import { describeEvents, describeStackEvents } from './stack-events.ts';
import { describeStackResource, describeStackResources, listStackResources } from './stack-resources.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './template-operations.ts';

/** AWS CloudFormation. The engine itself is `deploy.ts`. */
export const cloudformation: Service = {
  name: 'cloudformation',
  queryNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: {
    ContinueUpdateRollback: continueUpdateRollback,
    CreateChangeSet: createChangeSet,
    CreateStack: createStack,
    DeleteChangeSet: deleteChangeSet,
    DeleteStack: deleteStack,
    DescribeChangeSet: describeChangeSet,
    DescribeEvents: describeEvents,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    ExecuteChangeSet: executeChangeSet,
    GetTemplate: getTemplate,
    GetTemplateSummary: getTemplateSummary,
    ListChangeSets: listChangeSets,
    ListExports: listExports,
    ListImports: listImports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
    ValidateTemplate: validateTemplate,
  },
};

export const cloudformationResources: Readonly<Record<string, ResourceModel>> = {};
