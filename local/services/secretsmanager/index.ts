import type { ResourceModel, Service } from '../../world/service.ts';
import { getRandomPassword } from './random-password.ts';
import { describeSecret, getSecretValue, listSecrets, listSecretVersionIds } from './read-secrets.ts';
import { secret } from './secret.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy, resourcePolicy } from './secret-policy.ts';
import {
  createSecret,
  deleteSecret,
  putSecretValue,
  restoreSecret,
  tagResource,
  untagResource,
  updateSecret,
  updateSecretVersionStage,
} from './write-secrets.ts';

/** AWS Secrets Manager. Values stand in its table and in GetSecretValue's answer, and nowhere else. */
export const secretsmanager: Service = {
  name: 'secretsmanager',
  targetPrefix: 'secretsmanager',
  operations: {
    CreateSecret: createSecret,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSecret: deleteSecret,
    DescribeSecret: describeSecret,
    GetRandomPassword: getRandomPassword,
    GetResourcePolicy: getResourcePolicy,
    GetSecretValue: getSecretValue,
    ListSecrets: listSecrets,
    ListSecretVersionIds: listSecretVersionIds,
    PutResourcePolicy: putResourcePolicy,
    PutSecretValue: putSecretValue,
    RestoreSecret: restoreSecret,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateSecret: updateSecret,
    UpdateSecretVersionStage: updateSecretVersionStage,
  },
};

export const secretsmanagerResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::SecretsManager::ResourcePolicy': resourcePolicy,
  'AWS::SecretsManager::Secret': secret,
};
