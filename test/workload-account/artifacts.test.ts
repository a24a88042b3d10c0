import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-prod');
const bucketName = 'mergecast-prod-444444444444-eu-west-1';
const fromSourceRole = {
  Principal: { AWS: 'arn:aws:iam::111111111111:root' },
  Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/mergecast/mergecast-source-prod' } },
};

test('artifacts lie versioned and encrypted in a closed bucket whose accesses are logged', () => {
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: Match.objectLike({
      BucketName: bucketName,
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: Match.anyValue() },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() } },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  });
});

test('every bucket refuses what does not come over TLS', () => {
  const policies = Object.values(resourcesOf(template, 'AWS::S3::BucketPolicy')).map((each) => JSON.stringify(each));

  expect(policies).toHaveLength(2);
  for (const policy of policies)
    expect(policy).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
});

test("of the DevOps account only this environment's source role gets into the bucket", () => {
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Sid: 'SourceRoleObjects', ...fromSourceRole }),
        Match.objectLike({ Sid: 'SourceRoleBucket', ...fromSourceRole }),
      ]),
    },
  });
});

test('the key serves this account and the source role, under an alias that DevOps knows beforehand', () => {
  template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/mergecast-prod' });
  template.hasResourceProperties('AWS::KMS::Key', {
    EnableKeyRotation: true,
    KeyPolicy: {
      Statement: [
        Match.objectLike({ Sid: 'OwnAccount', Principal: { AWS: 'arn:aws:iam::444444444444:root' } }),
        Match.objectLike({ Sid: 'SourceRole', ...fromSourceRole }),
      ],
    },
  });
});

test('no policy names a role of another account as its principal, so no account waits for another', () => {
  const text = JSON.stringify(template.toJSON());

  expect(text).not.toMatch(/"Principal":\{"AWS":"arn:aws:iam::111111111111:(?!root)/);
});
