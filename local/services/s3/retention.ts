import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { objectAccess } from './access.ts';
import { findBucket, findObject } from './find.ts';
import { futureDate } from './object-input.ts';
import { lockedBucket, lockMode } from './object-lock.ts';
import { lockedObject, malformedXml } from './refusals.ts';
import { changeVersion } from './store-object.ts';
import type { ObjectVersion, Retention } from './tables.ts';
import { emptyElement } from './xml-input.ts';

const named = z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() });

/** Until when a version is kept. Throws NoSuchObjectLockConfiguration. */
export const getObjectRetention = operation({
  input: named,
  access: ({ Bucket, Key }, { world }) => [objectAccess(world, 'GetObjectRetention', Bucket, Key)],
  run: ({ Bucket, Key, VersionId }, { world }) => {
    const { retention } = lockable(world, Bucket, Key, VersionId);
    if (retention === undefined) throw noConfiguration();
    return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
  },
});

/** Retains a version. Compliance is only ever prolonged; governance is shortened or lifted by who may bypass it. */
export const putObjectRetention = operation({
  input: named.extend({
    BypassGovernanceRetention: flag.default(false),
    Retention: z.union([
      emptyElement.transform(() => ({ Mode: undefined, RetainUntilDate: undefined })),
      z.strictObject({ Mode: lockMode.optional(), RetainUntilDate: z.string().optional() }),
    ]),
  }),
  access: ({ Bucket, Key, BypassGovernanceRetention, Retention: { Mode, RetainUntilDate } }, { world }) => {
    const context = {
      ...(Mode === undefined ? {} : { 's3:object-lock-mode': Mode }),
      ...(RetainUntilDate === undefined ? {} : { 's3:object-lock-retain-until-date': RetainUntilDate }),
    };
    const ask = (action: string) => objectAccess(world, action, Bucket, Key, context);
    return [ask('PutObjectRetention'), ...(BypassGovernanceRetention ? [ask('BypassGovernanceRetention')] : [])];
  },
  run: ({ Bucket, Key, VersionId, BypassGovernanceRetention, Retention: wanted }, { world }) => {
    const object = lockable(world, Bucket, Key, VersionId);
    const { Mode: mode, RetainUntilDate: date } = wanted;
    if ((mode === undefined) !== (date === undefined)) throw malformedXml();
    const next =
      mode === undefined || date === undefined
        ? undefined
        : { mode, until: futureDate(world, date, 'RetainUntilDate') };
    if (!mayChange(object, next, world.clock.now(), BypassGovernanceRetention)) throw lockedObject();
    changeVersion(world, object, ({ retention: _retention, ...row }) =>
      next === undefined ? row : { ...row, retention: next },
    );
    return {};
  },
});

function mayChange(
  { retention: current }: ObjectVersion,
  next: Retention | undefined,
  now: number,
  bypass: boolean,
): boolean {
  if (current === undefined || current.until <= now) return true;
  const longer = next !== undefined && next.until >= current.until;
  if (current.mode === 'COMPLIANCE') return longer && next.mode === 'COMPLIANCE';
  return longer || bypass;
}

/** Whether a version is held. Throws NoSuchObjectLockConfiguration. */
export const getObjectLegalHold = operation({
  input: named,
  access: ({ Bucket, Key }, { world }) => [objectAccess(world, 'GetObjectLegalHold', Bucket, Key)],
  run: ({ Bucket, Key, VersionId }, { world }) => {
    const { legalHold } = lockable(world, Bucket, Key, VersionId);
    if (legalHold === undefined) throw noConfiguration();
    return { LegalHold: { Status: legalHold ? 'ON' : 'OFF' } };
  },
});

/** Holds a version, or lets it go; retention is another matter. */
export const putObjectLegalHold = operation({
  input: named.extend({ LegalHold: z.strictObject({ Status: z.enum(['ON', 'OFF']) }) }),
  access: ({ Bucket, Key, LegalHold }, { world }) => [
    objectAccess(world, 'PutObjectLegalHold', Bucket, Key, { 's3:object-lock-legal-hold': LegalHold.Status }),
  ],
  run: ({ Bucket, Key, VersionId, LegalHold }, { world }) => {
    const object = lockable(world, Bucket, Key, VersionId);
    changeVersion(world, object, (row) => ({ ...row, legalHold: LegalHold.Status === 'ON' }));
    return {};
  },
});

function lockable(world: World, bucket: string, key: string, versionId: string | undefined): ObjectVersion {
  lockedBucket(findBucket(world, bucket));
  return findObject(world, bucket, key, versionId);
}

const noConfiguration = () =>
  new AwsError('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', 404);
