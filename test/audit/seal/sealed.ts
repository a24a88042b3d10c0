import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SealedTrail } from '../../../audit/seal/verify.ts';
import type { LoggedLine } from '../../../events/trail-record.ts';
import {
  headBody,
  headKey,
  headObject,
  headPrefix,
  type SealedHead,
  sealOf,
  sha256,
} from '../../../events/trail-seal.ts';

/** A sealed trail in memory, with the key that signed it. */
export interface Sealed {
  readonly objects: Map<string, string>;
  readonly publicKey: KeyObject;
}

const hour = 3_600_000;

/** A line of the log group; every one is different. */
export const lineOf = (number: number): LoggedLine => ({
  eventId: `e${number}`,
  timestamp: number,
  ingestionTime: number + 5,
  message: JSON.stringify({ 'detail-type': 'Nothing of ours', number }),
});

/** So many segments of so many lines each, signed as KMS signs. */
export function sealed(segments: number, linesEach: number): Sealed {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const objects = new Map<string, string>();
  let previous: SealedHead | undefined;
  for (let number = 1; number <= segments; number++) {
    const lines = Array.from({ length: linesEach }, (_, index) => lineOf((number - 1) * linesEach + index));
    const { head, segment } = sealOf(lines, { previous, until: number * hour, keyId: 'arn:aws:kms:a:b:key/c' });
    const body = headBody(head);
    const text = headObject(body, createSign('sha256').update(body).sign(privateKey));
    objects.set(head.segment, segment).set(headKey(number), text);
    previous = { head, sha256: sha256(text) };
  }
  return { objects, publicKey };
}

/** The same, as the verifier reads it. */
export const trailIn = (objects: ReadonlyMap<string, string>): SealedTrail => ({
  headKeys: [...objects.keys()].filter((key) => key.startsWith(headPrefix)),
  read: (key) => Promise.resolve(objects.get(key)),
  damages: [],
});
