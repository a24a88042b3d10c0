import type { Operation, ResourceModel, Service } from '../../world/service.ts';
import { bucket, bucketPolicy } from './bucket.ts';
import { configurationOperations } from './bucket-configurations.ts';
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from './bucket-encryption.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket, deleteBucket } from './create-bucket.ts';
import { abortMultipartUpload, createMultipartUpload } from './create-multipart-upload.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import {
  getBucketAcl,
  getBucketLocation,
  getBucketVersioning,
  getObjectAcl,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './describe-buckets.ts';
import { withExpectedOwner } from './expected-owner.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { getObjectAttributes } from './object-attributes.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './object-lock.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './policy-operations.ts';
import { putObject } from './put-object.ts';
import { getObjectLegalHold, getObjectRetention, putObjectLegalHold, putObjectRetention } from './retention.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

/** By name, each as it is without an expected owner. */
const operations: Readonly<Record<string, Operation>> = {
  ...configurationOperations,
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteBucketEncryption: deleteBucketEncryption,
  DeleteBucketPolicy: deleteBucketPolicy,
  DeleteObject: deleteObject,
  DeleteObjectTagging: deleteObjectTagging,
  DeleteObjects: deleteObjects,
  GetBucketAcl: getBucketAcl,
  GetBucketEncryption: getBucketEncryption,
  GetBucketLocation: getBucketLocation,
  GetBucketPolicy: getBucketPolicy,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  GetObjectAcl: getObjectAcl,
  GetObjectAttributes: getObjectAttributes,
  GetObjectLegalHold: getObjectLegalHold,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetObjectRetention: getObjectRetention,
  GetObjectTagging: getObjectTagging,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjectVersions: listObjectVersions,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
  PutBucketEncryption: putBucketEncryption,
  PutBucketPolicy: putBucketPolicy,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
  PutObjectLegalHold: putObjectLegalHold,
  PutObjectLockConfiguration: putObjectLockConfiguration,
  PutObjectRetention: putObjectRetention,
  PutObjectTagging: putObjectTagging,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};

/** Amazon Simple Storage Service. Its REST-XML protocol is spoken by `wire/s3.ts`. */
export const s3: Service = {
  name: 's3',
  simplified:
    'Buckets answer at every region; everything is read at once after it is written; nothing is deleted, moved or replicated by age or rule.',
  operations: Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, withExpectedOwner(operation)]),
  ),
};

export const s3Resources: Readonly<Record<string, ResourceModel>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};
