import type { ResourceModel, Service } from '../../world/service.ts';
import { getRole, listRoles } from './get-role.ts';
import { managedPolicy, policy } from './policy.ts';
import { role } from './role.ts';

/** AWS Identity and Access Management. The decisions themselves are made by `judge.ts`. */
export const iam: Service = {
  name: 'iam',
  queryNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: { GetRole: getRole, ListRoles: listRoles },
};

export const iamResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
};
