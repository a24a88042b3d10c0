import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { findKey, keyAccess } from './access.ts';
import { aliases } from './tables.ts';

/** A key's metadata. */
export const describeKey = operation({
  input: z.object({ KeyId: z.string() }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'DescribeKey', findKey(call.world, KeyId, call))],
  run: ({ KeyId }, call) => {
    const key = findKey(call.world, KeyId, call);
    return {
      KeyMetadata: {
        AWSAccountId: key.account,
        KeyId: key.id,
        Arn: key.arn,
        CreationDate: new Date(key.createdAt),
        Enabled: key.enabled,
        Description: key.description,
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeyState: 'Enabled',
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        MultiRegion: false,
      },
    };
  },
});

/** The aliases of the caller's account and region. */
export const listAliases = operation({
  input: z.object({}),
  access: () => [{ action: 'kms:ListAliases', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    Truncated: false,
    Aliases: world.store
      .in(aliases)
      .where((alias) => alias.account === account && alias.region === region)
      .map((alias) => ({ AliasName: alias.name, AliasArn: alias.arn, TargetKeyId: alias.keyArn.split('/').pop() })),
  }),
});
