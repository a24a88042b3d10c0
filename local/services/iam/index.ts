import type { ResourceModel, Service } from '../../world/service.ts';
import { getAccountAuthorizationDetails } from './account-details.ts';
import { createPolicy, deletePolicy, getPolicy, listEntitiesForPolicy, listPolicies } from './managed-policies.ts';
import { managedPolicy } from './managed-policy.ts';
import { policy } from './policy.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts';
import { getRole, listRoles, listRoleTags } from './read-roles.ts';
import { role } from './role.ts';
import {
  attachRolePolicy,
  deleteRolePermissionsBoundary,
  deleteRolePolicy,
  detachRolePolicy,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
  putRolePermissionsBoundary,
  putRolePolicy,
} from './role-policies.ts';
import {
  getContextKeysForCustomPolicy,
  getContextKeysForPrincipalPolicy,
  simulateCustomPolicy,
  simulatePrincipalPolicy,
} from './simulate-policy.ts';
import {
  getUser,
  getUserPolicy,
  listAccountAliases,
  listAttachedUserPolicies,
  listUserPolicies,
  listUsers,
} from './users.ts';
import { createRole, deleteRole, tagRole, untagRole, updateAssumeRolePolicy, updateRole } from './write-roles.ts';

/** AWS Identity and Access Management. The decisions themselves are made by `judge.ts`. */
export const iam: Service = {
  name: 'iam',
  queryNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: {
    AttachRolePolicy: attachRolePolicy,
    CreatePolicy: createPolicy,
    CreatePolicyVersion: createPolicyVersion,
    CreateRole: createRole,
    DeletePolicy: deletePolicy,
    DeletePolicyVersion: deletePolicyVersion,
    DeleteRole: deleteRole,
    DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
    DeleteRolePolicy: deleteRolePolicy,
    DetachRolePolicy: detachRolePolicy,
    GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
    GetContextKeysForCustomPolicy: getContextKeysForCustomPolicy,
    GetContextKeysForPrincipalPolicy: getContextKeysForPrincipalPolicy,
    GetPolicy: getPolicy,
    GetPolicyVersion: getPolicyVersion,
    GetRole: getRole,
    GetRolePolicy: getRolePolicy,
    GetUser: getUser,
    GetUserPolicy: getUserPolicy,
    ListAccountAliases: listAccountAliases,
    ListAttachedRolePolicies: listAttachedRolePolicies,
    ListAttachedUserPolicies: listAttachedUserPolicies,
    ListEntitiesForPolicy: listEntitiesForPolicy,
    ListPolicies: listPolicies,
    ListPolicyVersions: listPolicyVersions,
    ListRolePolicies: listRolePolicies,
    ListRoles: listRoles,
    ListRoleTags: listRoleTags,
    ListUserPolicies: listUserPolicies,
    ListUsers: listUsers,
    PutRolePermissionsBoundary: putRolePermissionsBoundary,
    PutRolePolicy: putRolePolicy,
    SetDefaultPolicyVersion: setDefaultPolicyVersion,
    SimulateCustomPolicy: simulateCustomPolicy,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
    TagRole: tagRole,
    UntagRole: untagRole,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
    UpdateRole: updateRole,
  },
};

export const iamResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
};
