import type { ResourceModel, Service } from '../../world/service.ts';
import { bucket, bucketPolicy } from './bucket.ts';
import { deleteObject } from './delete-object.ts';
import { getBucketLocation, getBucketVersioning, headBucket, listBuckets } from './describe-buckets.ts';
import { getBucketEncryption } from './get-bucket-encryption.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjectsV2 } from './list-objects.ts';
import { putObject } from './put-object.ts';

/** Amazon Simple Storage Service. Its REST-XML protocol is spoken by `wire/s3.ts`. */
export const s3: Service = {
  name: 's3',
  operations: {
    DeleteObject: deleteObject,
    GetBucketEncryption: getBucketEncryption,
    GetBucketLocation: getBucketLocation,
    GetBucketVersioning: getBucketVersioning,
    GetObject: getObject,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ListBuckets: listBuckets,
    ListObjectsV2: listObjectsV2,
    PutObject: putObject,
  },
};

export const s3Resources: Readonly<Record<string, ResourceModel>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};
