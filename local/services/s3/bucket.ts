import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { bucketProperties, configurationsOf } from './bucket-properties.ts';
import { deleteBucketRow, newBucket, withVersioning } from './bucket-row.ts';
import { readLock } from './object-lock.ts';
import { type Bucket, buckets } from './tables.ts';

/**
 * AWS::S3::Bucket. Access logs, life-cycle rules, public-access blocks, ownership, CORS and websites are kept and told, and have no effect here:
 * nothing local is public, and nothing is deleted by age.
 */
export const bucket = resource({
  simplified:
    'Access logs, life-cycle rules, public-access blocks, ownership, CORS and websites are kept and told by the API, and have no effect.',
  properties: bucketProperties,
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
    const before = known ?? newBucket(world, name, { account, region });
    world.store.in(buckets).put(name, changed(before, properties, known === undefined));
    const regional = `${name}.s3.${region}.amazonaws.com`;
    return {
      physicalId: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
        RegionalDomainName: regional,
        WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
      },
    };
  },
  remove: ({ physicalId }, { world }) => deleteBucketRow(world, physicalId),
});

/** A bucket as its template wants it. Object Lock brings versions, and stays for ever. */
function changed(before: Bucket, properties: z.output<typeof bucketProperties>, isNew: boolean): Bucket {
  const { VersioningConfiguration, ObjectLockConfiguration, ObjectLockEnabled, BucketEncryption } = properties;
  const keyArn = BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
  const { keyArn: _keyArn, ...row } = before;
  const locks = ObjectLockEnabled === true || ObjectLockConfiguration !== undefined || before.objectLock !== undefined;
  const enabled = VersioningConfiguration?.Status === 'Enabled' || (locks && VersioningConfiguration === undefined);
  const touched = enabled || VersioningConfiguration !== undefined || before.versioned || before.suspended === true;
  return {
    ...(touched ? withVersioning(row, enabled) : row),
    configurations: { ...(isNew ? row.configurations : {}), ...configurationsOf(properties) },
    ...(locks ? { objectLock: ObjectLockConfiguration === undefined ? {} : readLock(ObjectLockConfiguration) } : {}),
    ...(keyArn === undefined ? {} : { keyArn }),
  };
}

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
    const changedRow = world.store.in(buckets).update(Bucket, (row) => ({ ...row, policy: PolicyDocument }));
    if (changedRow === undefined)
      throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${Bucket}`, 404);
    return { physicalId: Bucket, attributes: {} };
  },
  remove: ({ physicalId }, { world }) =>
    void world.store.in(buckets).update(physicalId, ({ policy: _policy, ...row }) => row),
});
