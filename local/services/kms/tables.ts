import { table } from '../../world/store.ts';
import type { KeySpec } from './key-specs.ts';

/** A customer key. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description: string;
  readonly policy: unknown;
  /** The policy as it was put; for keys of stacks the policy as JSON. */
  readonly policyText?: string;
  readonly enabled: boolean;
  readonly spec: KeySpec;
  /** 32 bytes, or the private key as PKCS #8, in hexadecimal; never leaves this table. */
  readonly material: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Days between rotations; left out while the key is not rotated. */
  readonly rotationDays?: number;
  /** World time in milliseconds at which the key ends; left out while its deletion is not scheduled. */
  readonly deletedAt?: number;
  /** What was asked for when its deletion was scheduled. */
  readonly waitingDays?: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A name for a key. */
export interface Alias {
  /** `alias/…`. */
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly keyArn: string;
}

/** By ARN. */
export const keys = table<Key>('kms/keys');
/** By ARN. */
export const aliases = table<Alias>('kms/aliases');
