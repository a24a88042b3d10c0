import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { headersOf, preconditionFailed } from './refusals.ts';
import type { ObjectVersion } from './tables.ts';

/** The conditions of a read. Dates are HTTP's; one that cannot be read does not count (RFC 9110, 13.1). */
export const readConditions = {
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  IfModifiedSince: z.string().optional(),
  IfUnmodifiedSince: z.string().optional(),
};

/** The conditions of a write. */
export const writeConditions = { IfMatch: z.string().optional(), IfNoneMatch: z.string().optional() };

interface Conditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: string | undefined;
  readonly IfUnmodifiedSince?: string | undefined;
}

/**
 * Refuses a read whose conditions do not hold, in RFC 9110's order: a matching tag stands above the date. Throws PreconditionFailed and
 * NotModified (304). `prefix` is written before the condition's name: `x-amz-copy-source-`.
 */
export function checkRead(object: ObjectVersion, conditions: Conditions, prefix = ''): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!names(IfMatch, object.etag)) throw preconditionFailed(`${prefix}If-Match`);
  } else if (changedSince(object, IfUnmodifiedSince) === true) throw preconditionFailed(`${prefix}If-Unmodified-Since`);
  const known =
    IfNoneMatch === undefined ? changedSince(object, IfModifiedSince) === false : names(IfNoneMatch, object.etag);
  if (!known) return;
  if (prefix !== '')
    throw preconditionFailed(`${prefix}${IfNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match'}`);
  const told = { ETag: `"${object.etag}"`, LastModified: new Date(object.modifiedAt) };
  throw new AwsError('NotModified', 'Not Modified', 304, headersOf(told));
}

/**
 * Refuses a write whose conditions do not hold: `If-None-Match: *` that nothing is there, `If-Match` that what is there is the same. A delete
 * marker is nothing. Throws PreconditionFailed, NoSuchKey, NotImplemented.
 */
export function checkWrite(newest: ObjectVersion | undefined, key: string, { IfMatch, IfNoneMatch }: Conditions): void {
  const current = newest?.deleteMarker ? undefined : newest;
  // S3 itself has no more of it: these are its code and words. Source: "Adding preconditions to S3 operations with conditional requests".
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'If-None-Match',
      additionalMessage: 'We only accept * for If-None-Match on a write.',
    });
  if (IfNoneMatch !== undefined && current !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (current === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  if (!names(IfMatch, current.etag)) throw preconditionFailed('If-Match');
}

/** Whether a list of entity tags, quoted or not, names this one. */
const names = (list: string, etag: string): boolean =>
  list.split(',').some((each) => {
    const tag = each.trim().replace(/^W\//, '');
    return tag === '*' || tag === etag || tag === `"${etag}"`;
  });

/** Whether it changed after that moment; undefined without a moment. HTTP's dates are to the second. */
function changedSince(object: ObjectVersion, date: string | undefined): boolean | undefined {
  const moment = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(moment) ? undefined : Math.floor(object.modifiedAt / 1000) * 1000 > moment;
}
