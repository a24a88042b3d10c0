import { table } from '../../world/store.ts';

/** A secret with its versions. */
export interface Secret {
  /** Ends with six random characters, so that a secret of the same name made later is another one to policies. */
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  /** Id, ARN or alias of a customer key; left out for the account's own key of Secrets Manager. */
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy?: unknown;
  /** The policy as it was put. */
  readonly policyText?: string;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
  /** World time in milliseconds at which the secret ends; left out while it is not to be deleted. */
  readonly deletedAt?: number;
  /** When it was asked to be deleted. ISO 8601. */
  readonly deletionAskedAt?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly changedAt: string;
}

/** One value of a secret. It leaves this table only as GetSecretValue's answer. */
export interface SecretVersion {
  /** A UUID, or the caller's ClientRequestToken. */
  readonly id: string;
  /** `AWSCURRENT`, `AWSPREVIOUS` and others; a version without any is deprecated. */
  readonly stages: readonly string[];
  readonly value: { readonly text: string } | { readonly binary: Buffer };
  /** ISO 8601. */
  readonly createdAt: string;
}

/** By ARN. */
export const secrets = table<Secret>('secretsmanager/secrets');
