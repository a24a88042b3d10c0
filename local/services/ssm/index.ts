import type { ResourceModel, Service } from '../../world/service.ts';
import {
  addTagsToResource,
  deleteParameter,
  deleteParameters,
  labelParameterVersion,
  listTagsForResource,
  removeTagsFromResource,
  unlabelParameterVersion,
} from './change-parameters.ts';
import { describeParameters, getParameterHistory } from './describe-parameters.ts';
import { getParameter, getParameters, getParametersByPath } from './get-parameters.ts';
import { parameter } from './parameter.ts';
import { putParameter } from './put-parameter.ts';

/** Parameter Store of AWS Systems Manager. */
export const ssm: Service = {
  name: 'ssm',
  simplified: 'Changes of parameters raise no events.',
  targetPrefix: 'AmazonSSM',
  operations: {
    AddTagsToResource: addTagsToResource,
    DeleteParameter: deleteParameter,
    DeleteParameters: deleteParameters,
    DescribeParameters: describeParameters,
    GetParameter: getParameter,
    GetParameterHistory: getParameterHistory,
    GetParameters: getParameters,
    GetParametersByPath: getParametersByPath,
    LabelParameterVersion: labelParameterVersion,
    ListTagsForResource: listTagsForResource,
    PutParameter: putParameter,
    RemoveTagsFromResource: removeTagsFromResource,
    UnlabelParameterVersion: unlabelParameterVersion,
  },
};

export const ssmResources: Readonly<Record<string, ResourceModel>> = { 'AWS::SSM::Parameter': parameter };
