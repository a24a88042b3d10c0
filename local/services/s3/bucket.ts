import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { buckets, objects } from './tables.ts';

const encryption = z.strictObject({
  ServerSideEncryptionConfiguration: z.array(
    z.strictObject({
      BucketKeyEnabled: flag.optional(),
      ServerSideEncryptionByDefault: z.strictObject({
        SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
        KMSMasterKeyID: z.string().optional(),
      }),
    }),
  ),
});

/**
 * AWS::S3::Bucket. Access logs, life-cycle rules, public-access blocks and ownership are accepted and have no effect here:
 * nothing local is public, and nothing is deleted by age.
 */
export const bucket = resource({
  simplified:
    'Access logs, life-cycle rules, public-access blocks, ownership and Object Lock are accepted and have no effect.',
  properties: z.strictObject({
    BucketName: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional(),
    BucketEncryption: encryption.optional(),
    VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
    LoggingConfiguration: z
      .strictObject({ DestinationBucketName: z.string().optional(), LogFilePrefix: z.string().optional() })
      .optional(),
    LifecycleConfiguration: z.strictObject({ Rules: z.array(z.record(z.string(), z.unknown())) }).optional(),
    PublicAccessBlockConfiguration: z.record(z.string(), flag).optional(),
    OwnershipControls: z.strictObject({ Rules: z.array(z.strictObject({ ObjectOwnership: z.string() })) }).optional(),
    ObjectLockEnabled: flag.optional(),
    AccessControl: z.string().optional(),
    Tags: tags.optional(),
  }),
  access: ({ BucketName }, _at, change) => [
    {
      action: { create: 's3:CreateBucket', update: 's3:PutBucketVersioning', delete: 's3:DeleteBucket' }[change],
      resource: `arn:aws:s3:::${BucketName ?? '*'}`,
    },
  ],
  put: (properties, { world, account, region, stackName, logicalId }, previous) => {
    const generated = `${stackName}-${logicalId}-${world.chance.hex(12)}`.toLowerCase().slice(-63);
    const name = properties.BucketName ?? previous?.physicalId ?? generated;
    const known = world.store.in(buckets).get(name);
    if (known !== undefined && previous?.physicalId !== name)
      throw new AwsError('BucketAlreadyExists', `${name} already exists`, 409);
    const keyId =
      properties.BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
    world.store.in(buckets).put(name, {
      name,
      account,
      region,
      arn: `arn:aws:s3:::${name}`,
      versioned: properties.VersioningConfiguration?.Status === 'Enabled',
      createdAt: known?.createdAt ?? world.clock.date().toISOString(),
      ...(known?.policy === undefined ? {} : { policy: known.policy }),
      ...(keyId === undefined ? {} : { keyArn: keyId }),
    });
    const domain = `${name}.s3.amazonaws.com`;
    return {
      physicalId: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: domain,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
  remove: ({ physicalId }, { world }) => {
    const [full] = world.store.in(objects).where((_versions, id) => id.startsWith(`${physicalId}/`));
    if (full !== undefined) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    world.store.in(buckets).delete(physicalId);
  },
});

/** AWS::S3::BucketPolicy. */
export const bucketPolicy = resource({
  properties: z.strictObject({ Bucket: z.string(), PolicyDocument: policyDocument }),
  access: ({ Bucket }, _at, change) => [
    {
      action: change === 'delete' ? 's3:DeleteBucketPolicy' : 's3:PutBucketPolicy',
      resource: `arn:aws:s3:::${Bucket}`,
    },
  ],
  put: ({ Bucket, PolicyDocument }, { world }) => {
    const changed = world.store.in(buckets).update(Bucket, (row) => ({ ...row, policy: PolicyDocument }));
    if (changed === undefined)
      throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${Bucket}`, 404);
    return { physicalId: Bucket, attributes: {} };
  },
  remove: ({ physicalId }, { world }) =>
    void world.store.in(buckets).update(physicalId, ({ policy: _policy, ...row }) => row),
});
