import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Operation, operation } from '../../world/service.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { malformedXml } from './refusals.ts';
import { type Bucket, buckets, type Configuration } from './tables.ts';
import { readTags, shownTags, tagging } from './tags.ts';
import { emptyElement } from './xml-input.ts';

/** A configuration of a bucket that is kept and told, and changes nothing else here. */
interface Kept {
  /** The name in operations: `GetBucketCors`. */
  readonly name: string;
  /** The noun in IAM's actions: `s3:GetBucketCORS`. */
  readonly action: string;
  /** The document's root element, which is the input's member as well. */
  readonly root: string;
  /** The elements that the document may have. */
  readonly elements: readonly string[];
  /** What is answered when there is none: a refusal, or an empty document. */
  readonly missing?: readonly [code: string, text: string];
  readonly deleteAction?: string;
  readonly read?: (document: Configuration) => Configuration;
}

const named = z.object({ Bucket: z.string() });

/** By sub-resource. */
const kept: Readonly<Record<string, Kept>> = {
  tagging: {
    ...{ name: 'BucketTagging', action: 'BucketTagging', root: 'Tagging', elements: ['TagSet'] },
    missing: ['NoSuchTagSet', 'The TagSet does not exist'],
    read: (document) => {
      const { data } = tagging.safeParse(document);
      if (data === undefined) throw malformedXml();
      return shownTags(readTags(data.TagSet, 50));
    },
  },
  cors: {
    ...{ name: 'BucketCors', action: 'BucketCORS', root: 'CORSConfiguration', elements: ['CORSRule'] },
    missing: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  },
  lifecycle: {
    ...{ name: 'BucketLifecycleConfiguration', action: 'LifecycleConfiguration', root: 'LifecycleConfiguration' },
    elements: ['Rule'],
    missing: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  },
  website: {
    ...{ name: 'BucketWebsite', action: 'BucketWebsite', root: 'WebsiteConfiguration' },
    elements: ['IndexDocument', 'ErrorDocument', 'RedirectAllRequestsTo', 'RoutingRules'],
    missing: ['NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'],
    deleteAction: 'DeleteBucketWebsite',
  },
  publicAccessBlock: {
    ...{ name: 'PublicAccessBlock', action: 'BucketPublicAccessBlock', root: 'PublicAccessBlockConfiguration' },
    elements: ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'],
    missing: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
  },
  ownershipControls: {
    ...{ name: 'BucketOwnershipControls', action: 'BucketOwnershipControls', root: 'OwnershipControls' },
    elements: ['Rule'],
    missing: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  logging: {
    ...{ name: 'BucketLogging', action: 'BucketLogging', root: 'BucketLoggingStatus', elements: ['LoggingEnabled'] },
  },
};

/** Get, Put and, where AWS has it, Delete of each configuration that is only kept. */
export const configurationOperations: Readonly<Record<string, Operation>> = Object.assign(
  {},
  ...Object.entries(kept).map(([subresource, each]) => ({
    [`Get${each.name}`]: reading(subresource, each),
    [`Put${each.name}`]: writing(subresource, each),
    ...(each.missing === undefined ? {} : { [deletionOf(each)]: deleting(subresource, each) }),
  })),
) as Readonly<Record<string, Operation>>;

/** The name of the operation that deletes: that of a life cycle goes without its second half. */
function deletionOf({ name }: Kept): string {
  return `Delete${name === 'BucketLifecycleConfiguration' ? 'BucketLifecycle' : name}`;
}

function reading(subresource: string, { action, missing }: Kept): Operation {
  return operation({
    input: named,
    access: ({ Bucket }, { world }) => [bucketAccess(world, `Get${action}`, Bucket)],
    run: ({ Bucket }, { world }) => {
      const found = findBucket(world, Bucket).configurations?.[subresource];
      if (found === undefined && missing !== undefined)
        throw new AwsError(missing[0], missing[1], 404, { BucketName: Bucket });
      return found ?? {};
    },
  });
}

function writing(subresource: string, { action, root, elements, missing, read }: Kept): Operation {
  return operation({
    simplified:
      subresource === 'tagging' ? 'Tags are kept and told; no policy sees them.' : 'Kept and told, without effect.',
    input: named.extend({ [root]: z.union([emptyElement, z.record(z.string(), z.unknown())]) }),
    access: ({ Bucket }, { world }) => [bucketAccess(world, `Put${action}`, Bucket as string)],
    run: (wanted, { world }) => {
      const given = wanted[root];
      const document: Configuration = typeof given === 'string' ? {} : (given as Configuration);
      const names = Object.keys(document);
      if (names.some((name) => !elements.includes(name)) || (names.length === 0 && missing !== undefined))
        throw malformedXml();
      configure(world.store.in(buckets), wanted.Bucket as string, subresource, read?.(document) ?? document);
      return {};
    },
  });
}

function deleting(subresource: string, { action, deleteAction }: Kept): Operation {
  return operation({
    input: named,
    access: ({ Bucket }, { world }) => [bucketAccess(world, deleteAction ?? `Put${action}`, Bucket)],
    run: ({ Bucket }, { world }) => {
      configure(world.store.in(buckets), Bucket, subresource, undefined);
      return {};
    },
  });
}

function configure(
  rows: { update(key: string, change: (row: Bucket) => Bucket): unknown },
  name: string,
  subresource: string,
  document: Configuration | undefined,
): void {
  rows.update(name, (row) => {
    const { [subresource]: _old, ...others } = row.configurations ?? {};
    return { ...row, configurations: document === undefined ? others : { ...others, [subresource]: document } };
  });
}
