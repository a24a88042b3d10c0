import type { ResourceModel, Service } from '../../world/service.ts';
import { getParameter, getParameters } from './get-parameters.ts';
import { parameter } from './parameter.ts';
import { putParameter } from './put-parameter.ts';

/** Parameter Store of AWS Systems Manager. */
export const ssm: Service = {
  name: 'ssm',
  targetPrefix: 'AmazonSSM',
  operations: { GetParameter: getParameter, GetParameters: getParameters, PutParameter: putParameter },
};

export const ssmResources: Readonly<Record<string, ResourceModel>> = { 'AWS::SSM::Parameter': parameter };
