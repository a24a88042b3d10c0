import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { invalidArgument, invalidRequest, lockedObject, malformedXml } from './refusals.ts';
import { type Bucket, buckets, type ObjectLock, type ObjectVersion, type Retention } from './tables.ts';

const dayMilliseconds = 86_400_000;

/** A mode of retention. */
export const lockMode = z.enum(['GOVERNANCE', 'COMPLIANCE']);

const period = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d{1,9}$/)
    .transform(Number),
]);

/** A bucket's Object Lock as the API and templates write it. */
export const lockConfiguration = z.strictObject({
  ObjectLockEnabled: z.literal('Enabled').optional(),
  Rule: z
    .strictObject({
      DefaultRetention: z
        .strictObject({ Mode: lockMode.optional(), Days: period.optional(), Years: period.optional() })
        .optional(),
    })
    .optional(),
});

/** Reads a configuration. Throws MalformedXML and InvalidArgument for periods that AWS does not take. */
export function readLock({ Rule }: z.output<typeof lockConfiguration>): ObjectLock {
  const rule = Rule?.DefaultRetention;
  if (rule === undefined) return {};
  const { Mode: mode, Days: days, Years: years } = rule;
  if (mode === undefined || (days === undefined) === (years === undefined)) throw malformedXml();
  const [length = 0, longest] = days === undefined ? [years, 100] : [days, 36_500];
  if (length <= 0) throw invalidArgument('Default retention period must be a positive integer value', 'period', length);
  if (length > longest)
    throw invalidArgument(`Default retention period too large; maximum is ${longest}`, 'period', length);
  return { rule: days === undefined ? { mode, years: length } : { mode, days: length } };
}

/** The retention that a new version gets from its bucket. */
export function defaultRetention({ objectLock }: Bucket, now: number): Retention | undefined {
  const rule = objectLock?.rule;
  if (rule === undefined) return undefined;
  if ('days' in rule) return { mode: rule.mode, until: now + rule.days * dayMilliseconds };
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + rule.years);
  return { mode: rule.mode, until: until.getTime() };
}

/** Refuses to delete a version that is held or retained. `bypass` goes over governance only; who may say it, IAM decides. */
export function checkUnlocked({ retention, legalHold }: ObjectVersion, now: number, bypass: boolean): void {
  const retained = retention !== undefined && retention.until > now;
  if (legalHold || (retained && (retention.mode === 'COMPLIANCE' || !bypass))) throw lockedObject();
}

/** The bucket, if it has Object Lock. Throws InvalidRequest. */
export function lockedBucket(bucket: Bucket): Bucket {
  if (bucket.objectLock === undefined) throw invalidRequest('Bucket is missing Object Lock Configuration');
  return bucket;
}

/** A bucket's Object Lock. */
export const getObjectLockConfiguration = operation({
  input: z.object({ Bucket: z.string() }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketObjectLockConfiguration', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { objectLock } = findBucket(world, Bucket);
    if (objectLock === undefined)
      throw new AwsError(
        'ObjectLockConfigurationNotFoundError',
        'Object Lock configuration does not exist for this bucket',
        404,
        { BucketName: Bucket },
      );
    return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...shownRule(objectLock) } };
  },
});

function shownRule({ rule }: ObjectLock) {
  if (rule === undefined) return {};
  const length = 'days' in rule ? { Days: rule.days } : { Years: rule.years };
  return { Rule: { DefaultRetention: { Mode: rule.mode, ...length } } };
}

/** Turns Object Lock on for a bucket with versions, for ever, and says what new versions get. */
export const putObjectLockConfiguration = operation({
  input: z.object({ Bucket: z.string(), ObjectLockConfiguration: lockConfiguration }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'PutBucketObjectLockConfiguration', Bucket)],
  run: ({ Bucket, ObjectLockConfiguration }, { world }) => {
    if (ObjectLockConfiguration.ObjectLockEnabled === undefined) throw malformedXml();
    if (!findBucket(world, Bucket).versioned)
      throw new AwsError(
        'InvalidBucketState',
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        409,
      );
    const objectLock = readLock(ObjectLockConfiguration);
    world.store.in(buckets).update(Bucket, (row) => ({ ...row, objectLock }));
    return {};
  },
});
