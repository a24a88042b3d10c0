import { table } from '../../world/store.ts';

/** A symmetric customer key. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description: string;
  readonly policy: unknown;
  readonly enabled: boolean;
  /** 32 bytes in hexadecimal; never leaves this table. */
  readonly material: string;
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
