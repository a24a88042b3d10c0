import type { ResourceModel, Service } from '../../world/service.ts';
import { createAlias, deleteAlias, updateAlias } from './aliases.ts';
import { alias, key } from './key.ts';
import { getKeyPolicy, listKeyPolicies } from './key-policy.ts';
import { describeKey, getKeyRotationStatus, listAliases, listGrants, listKeys, listResourceTags } from './read-keys.ts';
import { getPublicKey, sign, verify } from './sign.ts';
import {
  decrypt,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
  reEncrypt,
} from './use-key.ts';
import {
  cancelKeyDeletion,
  createKey,
  disableKey,
  disableKeyRotation,
  enableKey,
  enableKeyRotation,
  putKeyPolicy,
  scheduleKeyDeletion,
  tagResource,
  untagResource,
  updateKeyDescription,
} from './write-keys.ts';

/** AWS Key Management Service. Signatures and ciphertexts are real. */
export const kms: Service = {
  name: 'kms',
  targetPrefix: 'TrentService',
  operations: {
    CancelKeyDeletion: cancelKeyDeletion,
    CreateAlias: createAlias,
    CreateKey: createKey,
    Decrypt: decrypt,
    DeleteAlias: deleteAlias,
    DescribeKey: describeKey,
    DisableKey: disableKey,
    DisableKeyRotation: disableKeyRotation,
    EnableKey: enableKey,
    EnableKeyRotation: enableKeyRotation,
    Encrypt: encrypt,
    GenerateDataKey: generateDataKey,
    GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
    GenerateRandom: generateRandom,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: getKeyRotationStatus,
    GetPublicKey: getPublicKey,
    ListAliases: listAliases,
    ListGrants: listGrants,
    ListKeyPolicies: listKeyPolicies,
    ListKeys: listKeys,
    ListResourceTags: listResourceTags,
    PutKeyPolicy: putKeyPolicy,
    ReEncrypt: reEncrypt,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    Sign: sign,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateKeyDescription: updateKeyDescription,
    Verify: verify,
  },
};

export const kmsResources: Readonly<Record<string, ResourceModel>> = { 'AWS::KMS::Alias': alias, 'AWS::KMS::Key': key };
