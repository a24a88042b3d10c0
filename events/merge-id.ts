import { createHash } from 'node:crypto';

/**
 * The name of a merge for everyone after us: a UUID (version 8, RFC 9562) made from the id of the event that told of it,
 * so that an event delivered twice is one merge.
 */
export function mergeIdOf(sourceEventId: string): string {
  const hex = digest(`merge ${sourceEventId.toLowerCase()}`).slice(0, 32).split('');
  hex[12] = '8';
  hex[16] = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * The W3C trace context of a merge: its trace id is the merge id without dashes, so that duplicates share one trace and a
 * person can find it by eye. EventBridge's own trace header does not survive archives and is not in the event (facts 7.1).
 */
export function traceparentOf(mergeId: string): string {
  const traceId = mergeId.replaceAll('-', '');
  return `00-${traceId}-${digest(`span ${mergeId}`).slice(0, 16)}-01`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
