import { z } from 'zod';
import { flag, numeric, tags } from '../../world/properties.ts';
import { lockMode } from './object-lock.ts';
import type { Bucket } from './tables.ts';

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

const text = z.string();
const texts = z.array(text);

const corsRule = z.strictObject({
  ...{
    AllowedHeaders: texts.optional(),
    AllowedMethods: texts,
    AllowedOrigins: texts,
    ExposedHeaders: texts.optional(),
  },
  ...{ Id: text.optional(), MaxAge: numeric.optional() },
});

const retention = z.strictObject({
  Mode: lockMode.optional(),
  Days: numeric.optional(),
  Years: numeric.optional(),
});

const website = z.strictObject({
  ErrorDocument: text.optional(),
  IndexDocument: text.optional(),
  RedirectAllRequestsTo: z.strictObject({ HostName: text, Protocol: text.optional() }).optional(),
});

/** The properties of AWS::S3::Bucket. */
export const bucketProperties = z.strictObject({
  BucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional(),
  BucketEncryption: encryption.optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  LoggingConfiguration: z
    .strictObject({ DestinationBucketName: text.optional(), LogFilePrefix: text.optional() })
    .optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(z.record(z.string(), z.unknown())) }).optional(),
  PublicAccessBlockConfiguration: z.record(z.string(), flag).optional(),
  OwnershipControls: z.strictObject({ Rules: z.array(z.strictObject({ ObjectOwnership: text })) }).optional(),
  CorsConfiguration: z.strictObject({ CorsRules: z.array(corsRule) }).optional(),
  WebsiteConfiguration: website.optional(),
  ObjectLockEnabled: flag.optional(),
  ObjectLockConfiguration: z
    .strictObject({
      ObjectLockEnabled: z.literal('Enabled').optional(),
      Rule: z.strictObject({ DefaultRetention: retention }).optional(),
    })
    .optional(),
  AccessControl: text.optional(),
  Tags: tags.optional(),
});

type Properties = z.output<typeof bucketProperties>;

/** What a template says of a bucket, in the element names of the API's documents. */
export function configurationsOf(properties: Properties): Bucket['configurations'] {
  const { LoggingConfiguration: log, CorsConfiguration: cors, WebsiteConfiguration: site, Tags } = properties;
  const all = {
    publicAccessBlock: properties.PublicAccessBlockConfiguration,
    ownershipControls: properties.OwnershipControls && { Rule: properties.OwnershipControls.Rules },
    lifecycle: properties.LifecycleConfiguration && {
      Rule: properties.LifecycleConfiguration.Rules.map(lifecycleRule),
    },
    logging: log && {
      LoggingEnabled: { TargetBucket: log.DestinationBucketName, TargetPrefix: log.LogFilePrefix ?? '' },
    },
    cors: cors && { CORSRule: cors.CorsRules.map(shownCorsRule) },
    website: site && shownWebsite(site),
    tagging: Tags && { TagSet: { Tag: Tags } },
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const shownCorsRule = (rule: z.output<typeof corsRule>) => ({
  ID: rule.Id,
  AllowedHeader: rule.AllowedHeaders,
  AllowedMethod: rule.AllowedMethods,
  AllowedOrigin: rule.AllowedOrigins,
  ExposeHeader: rule.ExposedHeaders,
  MaxAgeSeconds: rule.MaxAge,
});

const shownWebsite = ({ IndexDocument, ErrorDocument, RedirectAllRequestsTo }: z.output<typeof website>) => ({
  IndexDocument: IndexDocument && { Suffix: IndexDocument },
  ErrorDocument: ErrorDocument && { Key: ErrorDocument },
  RedirectAllRequestsTo,
});

/** A life-cycle rule: templates say flat what the API nests. */
function lifecycleRule(rule: Readonly<Record<string, unknown>>) {
  const { Id, Status, Prefix, ExpirationInDays, ExpirationDate, ExpiredObjectDeleteMarker, ...others } = rule;
  const { NoncurrentVersionExpiration, NoncurrentVersionExpirationInDays, Transitions, ...rest } = others;
  const expiration = { Days: ExpirationInDays, Date: ExpirationDate, ExpiredObjectDeleteMarker };
  const noncurrent =
    NoncurrentVersionExpiration ??
    (NoncurrentVersionExpirationInDays === undefined
      ? undefined
      : { NoncurrentDays: NoncurrentVersionExpirationInDays });
  return {
    ID: Id,
    Status,
    Filter: { Prefix: Prefix ?? '' },
    Expiration: Object.values(expiration).some((value) => value !== undefined) ? expiration : undefined,
    NoncurrentVersionExpiration: noncurrent,
    Transition: Array.isArray(Transitions)
      ? (Transitions as Record<string, unknown>[]).map(({ StorageClass, TransitionInDays, TransitionDate }) => ({
          ...{ Days: TransitionInDays, Date: TransitionDate, StorageClass },
        }))
      : undefined,
    AbortIncompleteMultipartUpload: rest['AbortIncompleteMultipartUpload'],
  };
}
