import type { ResourceModel, Service } from '../../world/service.ts';
import { describeKey, listAliases } from './describe-key.ts';
import { alias, key } from './key.ts';
import { decrypt, encrypt, generateDataKey } from './use-key.ts';

/** AWS Key Management Service. */
export const kms: Service = {
  name: 'kms',
  targetPrefix: 'TrentService',
  operations: {
    Decrypt: decrypt,
    DescribeKey: describeKey,
    Encrypt: encrypt,
    GenerateDataKey: generateDataKey,
    ListAliases: listAliases,
  },
};

export const kmsResources: Readonly<Record<string, ResourceModel>> = { 'AWS::KMS::Alias': alias, 'AWS::KMS::Key': key };
