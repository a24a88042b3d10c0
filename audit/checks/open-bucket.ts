import { isTrue, listIn, objectIn } from '../cloud/values.ts';
import type { Check } from './check.ts';
import { refusesPlainText } from './transport.ts';

const blocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A bucket without TLS or versions, not encrypted by its template, or that could be made public. */
export const openBucket: Check = ({ cloud, permissions }) =>
  cloud.ofType('AWS::S3::Bucket').flatMap((resource) => {
    const { VersioningConfiguration, BucketEncryption, PublicAccessBlockConfiguration } = resource.properties;
    const blocked = objectIn(PublicAccessBlockConfiguration);
    const encrypted = listIn(objectIn(BucketEncryption)['ServerSideEncryptionConfiguration']).length > 0;
    const lacks: readonly (readonly [boolean, string, unknown, string])[] = [
      [
        refusesPlainText(resource.arn, ['s3:*', '*'], permissions),
        'requests without TLS are answered',
        undefined,
        'deny s3:* when aws:SecureTransport is false',
      ],
      [
        objectIn(VersioningConfiguration)['Status'] === 'Enabled',
        'a file that is overwritten is gone',
        VersioningConfiguration,
        'enable versions',
      ],
      [encrypted, 'no encryption is chosen', BucketEncryption, 'set BucketEncryption'],
      [
        blocks.every((block) => isTrue(blocked[block])),
        'it could be made public',
        PublicAccessBlockConfiguration,
        'block all public access',
      ],
    ];
    return lacks.filter(([isWell]) => !isWell).map(([, problem, value, mend]) => ({ resource, problem, value, mend }));
  });
